package dev.octet.workflow.calibrate;

/**
 * Looks for the pair of positions with the least value of a function.
 *
 * <p>First every pair of a coarse grid is tried: all pairs while there are at most {@value #COARSE}
 * positions on a side ({@value #COARSE_LINE} where the other side has only one), otherwise every
 * {@code ceil(n / COARSE)}-th position, from 0. From the best of them the search moves to the best
 * of the eight neighbours at a step of half that stride as long as it is better, and halves the
 * step down to 1. Only a strictly smaller value replaces the best, so among equals the first wins:
 * by convention positions go from the widest range, 0, to the narrowest. Deterministic.
 */
final class LatticeSearch {

  static final int COARSE = 32;
  static final int COARSE_LINE = 512;

  /** A function of two positions. */
  interface Objective {
    /**
     * Returns the value.
     *
     * @param best the least value so far; where the value is not below it, any such number will do
     */
    double value(int i, int j, double best);
  }

  private final int rows;
  private final int columns;
  private final Objective objective;
  private int bestRow;
  private int bestColumn;
  private double best = Double.POSITIVE_INFINITY;

  private LatticeSearch(int rows, int columns, Objective objective) {
    this.rows = rows;
    this.columns = columns;
    this.objective = objective;
  }

  /**
   * Returns the positions found; (0, 0) when no value is below plus infinity.
   *
   * @param rows number of first positions, at least 1
   * @param columns number of second positions, at least 1
   */
  static int[] minimise(int rows, int columns, Objective objective) {
    LatticeSearch search = new LatticeSearch(rows, columns, objective);
    search.run();
    return new int[] {search.bestRow, search.bestColumn};
  }

  private void run() {
    int rowStep = step(rows, columns);
    int columnStep = step(columns, rows);
    for (int i = 0; i < rows; i += rowStep) {
      for (int j = 0; j < columns; j += columnStep) {
        improves(i, j);
      }
    }
    while (rowStep > 1 || columnStep > 1) {
      rowStep = (rowStep + 1) / 2;
      columnStep = (columnStep + 1) / 2;
      boolean moved;
      do {
        moved = moves(rowStep, columnStep);
      } while (moved);
    }
  }

  private static int step(int positions, int others) {
    int coarse = others == 1 ? COARSE_LINE : COARSE;
    return (positions + coarse - 1) / coarse;
  }

  private boolean moves(int rowStep, int columnStep) {
    int row = bestRow;
    int column = bestColumn;
    boolean moved = false;
    for (int i = row - rowStep; i <= row + rowStep; i += rowStep) {
      for (int j = column - columnStep; j <= column + columnStep; j += columnStep) {
        boolean inside = i >= 0 && i < rows && j >= 0 && j < columns;
        if (inside && !(i == row && j == column)) {
          moved |= improves(i, j);
        }
      }
    }
    return moved;
  }

  private boolean improves(int i, int j) {
    double value = objective.value(i, j, best);
    if (!(value < best)) {
      return false;
    }
    best = value;
    bestRow = i;
    bestColumn = j;
    return true;
  }
}
