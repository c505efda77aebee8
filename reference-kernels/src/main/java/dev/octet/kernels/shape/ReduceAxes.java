package dev.octet.kernels.shape;

/** The axes that a reduction removes. */
public final class ReduceAxes {

  private ReduceAxes() {}

  /**
   * Returns the reduced axes, each between 0 and {@code rank - 1}.
   *
   * @param stated the axes of the node; empty for all axes
   * @param noopWithEmptyAxes whether an empty list means no axis instead
   */
  public static int[] of(long[] stated, boolean noopWithEmptyAxes, int rank) {
    if (stated.length > 0 || noopWithEmptyAxes) {
      return Dimensions.axes(stated, rank);
    }
    int[] all = new int[rank];
    for (int i = 0; i < rank; i++) {
      all[i] = i;
    }
    return all;
  }

  /** Tells whether an axis is among some. */
  public static boolean contains(int[] axes, int axis) {
    for (int each : axes) {
      if (each == axis) {
        return true;
      }
    }
    return false;
  }
}
