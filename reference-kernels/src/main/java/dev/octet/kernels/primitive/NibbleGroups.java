package dev.octet.kernels.primitive;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.thread.Workers;
import java.util.Optional;

/**
 * Weights of 4 bits in the order in which {@link NibbleProduct} reads them, half a byte each, with
 * their zero points, half a byte each, too. Immutable and thread-safe.
 */
final class NibbleGroups implements GroupedForm {

  /** The largest number of neighbouring k whose products are added in 16 bits. */
  static final int SPAN = 32;

  /** Sums of so many weights, {@code |b - z| <= 15}, never pass {@link #LARGEST_MAGNITUDE}. */
  private static final int SAFE_SPAN = 16;

  /** {@code 128 * 255 < 2^15}. */
  private static final int LARGEST_MAGNITUDE = 255;

  /** Below it most of an int would be empty. */
  private static final int SMALLEST_GROUP = 8;

  private final NibbleMatrix weights;
  private final Optional<NibbleMatrix> zeroPoints;
  private final int[] sameZeros;
  private final float[] scales;
  private final int columns;
  private final int span;

  /**
   * Takes weights.
   *
   * @param given the weights, which fit
   * @param largestSpan the largest {@code sum |b - z|} of {@link #SPAN} neighbouring k of a group
   */
  NibbleGroups(StoredGroups given, long largestSpan) {
    GroupedWeights.Layout layout = given.layout();
    int groups = layout.groups();
    this.columns = layout.columns();
    this.weights = new NibbleMatrix(given.stored(), layout);
    this.zeroPoints =
        given
            .zeroPoints()
            .map(
                zeros ->
                    new NibbleMatrix(
                        zeros,
                        new GroupedWeights.Layout(
                            groups, columns, Math.max(1, groups), layout.transposed())));
    int zero = given.stored().type().isSignedInteger() ? 1 << (NibbleMatrix.BITS - 1) : 0;
    this.sameZeros = NibbleMatrix.filled(zero, weights.half());
    this.scales = layout.transposed() ? byGroups(given.scales(), groups) : given.scales();
    this.span = largestSpan <= LARGEST_MAGNITUDE ? SPAN : SAFE_SPAN;
  }

  /** Tells whether weights can be kept so. */
  static boolean fits(DataType type, GroupedWeights.Layout layout) {
    return type.bits() == NibbleMatrix.BITS && layout.size() >= SMALLEST_GROUP;
  }

  private float[] byGroups(float[] byColumns, int groups) {
    float[] all = new float[byColumns.length];
    for (int column = 0; column < columns; column++) {
      for (int group = 0; group < groups; group++) {
        all[group * columns + column] = byColumns[column * groups + group];
      }
    }
    return all;
  }

  @Override
  public void multiply(GroupedProduct task, Workers workers) {
    new NibbleProduct(task, this).run(workers);
  }

  NibbleMatrix weights() {
    return weights;
  }

  /** Returns how many neighbouring k are added in 16 bits. */
  int span() {
    return span;
  }

  /** Returns ints that have the zero points of a group of a strip at {@link #zeroPlace}. */
  int[] zeros(int strip, int group) {
    return zeroPoints.isPresent() ? zeroPoints.get().words(strip, group) : sameZeros;
  }

  /** Returns by how many bits the zero points of a group are shifted in their ints. */
  static int zeroPlace(int group) {
    return group % NibbleMatrix.EACH * NibbleMatrix.BITS;
  }

  /** Copies the scales of a group of neighbouring columns. */
  void scales(int group, int column, int count, float[] into) {
    System.arraycopy(scales, group * columns + column, into, 0, count);
  }
}
