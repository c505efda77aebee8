package dev.octet.kernels.primitive;

import dev.octet.kernels.thread.Workers;
import java.util.Arrays;

/**
 * The right matrix of a product, with a scale for each group of neighbouring k of each column: as
 * it is stored, or, with 4 or 8 bits, in another order that takes as many bytes ({@link
 * PackedGroups}). Beside it stands {@code sum (b - z)} of each group, which carries the zero points
 * of the left matrix. Immutable and thread-safe.
 */
public final class GroupedWeights {

  private final Layout layout;
  private final GroupedForm form;
  private final int[] sums;
  private final long largestGroup;

  /** Takes weights; of what was given nothing is kept that the product does not need. */
  public GroupedWeights(StoredGroups given) {
    this.layout = given.layout();
    Measure measure = new Measure(given);
    this.sums = measure.sums;
    this.largestGroup = measure.largestGroup;
    this.form = PackedGroups.fits(given) ? new PackedGroups(given, measure.largestSpan) : given;
  }

  /**
   * How a matrix lies, and what shares a scale.
   *
   * @param depth K
   * @param columns N
   * @param size how many neighbouring k share a scale, at least 1; the last group of a column is
   *     shorter where it does not divide K
   * @param transposed whether the integers are stored [N, K]
   */
  public record Layout(int depth, int columns, int size, boolean transposed) {

    /**
     * Checks the size of a group.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public Layout {
      if (size < 1) {
        throw new IllegalArgumentException("groups of " + size + " are below 1");
      }
    }

    /** Returns how many groups a column has. */
    public int groups() {
      return depth / size + (depth % size == 0 ? 0 : 1);
    }

    /** Returns the first k of a group. */
    int first(int group) {
      return group * size;
    }

    /** Returns the k behind the last one of a group. */
    int end(int group) {
      return Math.min(size, depth - group * size) + group * size;
    }

    /** Returns the index of an integer. */
    int element(int k, int column) {
      return transposed ? column * depth + k : k * columns + column;
    }

    /** Returns the index of a scale. */
    int scale(int group, int column) {
      return transposed ? column * groups() + group : group * columns + column;
    }
  }

  /** Looks at every integer once. */
  private static final class Measure {
    private final Layout layout;
    private final StoredGroups.Strip strip;
    private final float[][] rows = new float[PackedGroups.SPAN][MatrixWeights.COLUMNS];

    /** {@code sum (b - z)} of each group, [groups, N]. */
    private final int[] sums;

    /** The largest {@code sum |b - z|} of a group, and of a span of a group. */
    private long largestGroup;

    private long largestSpan;

    Measure(StoredGroups given) {
      this.layout = given.layout();
      this.strip =
          given.new Strip(new byte[MatrixWeights.COLUMNS], new float[MatrixWeights.COLUMNS]);
      this.sums = new int[layout.groups() * layout.columns()];
      for (int group = 0; group < layout.groups(); group++) {
        for (int column = 0; column < layout.columns(); column += MatrixWeights.COLUMNS) {
          look(group, column, Math.min(MatrixWeights.COLUMNS, layout.columns() - column));
        }
      }
    }

    private void look(int group, int column, int width) {
      strip.begin(group, column, width);
      long[] magnitudes = new long[width];
      int end = layout.end(group);
      for (int k = layout.first(group); k < end; k += PackedGroups.SPAN) {
        long[] before = magnitudes.clone();
        int terms = Math.min(PackedGroups.SPAN, end - k);
        strip.widen(k, terms, rows);
        for (int i = 0; i < terms; i++) {
          add(rows[i], group * layout.columns() + column, magnitudes);
        }
        for (int j = 0; j < width; j++) {
          largestSpan = Math.max(largestSpan, magnitudes[j] - before[j]);
        }
      }
      largestGroup = Math.max(largestGroup, Arrays.stream(magnitudes).max().orElse(0));
    }

    private void add(float[] row, int first, long[] magnitudes) {
      for (int j = 0; j < magnitudes.length; j++) {
        int difference = (int) row[j];
        sums[first + j] += difference;
        magnitudes[j] += Math.abs(difference);
      }
    }
  }

  /** Returns the sizes. */
  public Layout layout() {
    return layout;
  }

  /**
   * Returns the largest magnitude that the sum of a group can have beside an 8-bit left operand:
   * {@code max over g, n of 255 * sum over k in g of |b[k, n] - z[g, n]|}. Below 2^31 every sum is
   * exact in int32.
   */
  public long largestSum() {
    return 255 * largestGroup;
  }

  /** Returns {@code sum (b - z)} of a group of a column. */
  int sum(int group, int column) {
    return sums[group * layout.columns() + column];
  }

  /** Copies {@code sum (b - z)} of a group of neighbouring columns. */
  void sums(int group, int column, int count, int[] into) {
    System.arraycopy(sums, group * layout.columns() + column, into, 0, count);
  }

  /** Computes a product whose right matrix this is. */
  void multiply(GroupedProduct task, Workers workers) {
    form.multiply(task, workers);
  }
}
