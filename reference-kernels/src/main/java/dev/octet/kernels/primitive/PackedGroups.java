package dev.octet.kernels.primitive;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.thread.Workers;
import java.util.Optional;

/**
 * Weights of 4 or 8 bits in the order in which {@link PackedProduct} reads them, with their zero
 * points, in no more bytes than they were. Immutable and thread-safe.
 */
final class PackedGroups implements GroupedForm {

  /** The largest number of neighbouring k whose products are added in one go. */
  static final int SPAN = 32;

  /**
   * So many weights of 4 bits, {@code |b - z| <= 15}, never add up to more than {@link
   * #LARGEST_MAGNITUDE}.
   */
  private static final int SAFE_SPAN = 16;

  /** {@code 128 * 255 < 2^15}: sums of products in the half of an int. */
  private static final int LARGEST_MAGNITUDE = 255;

  /** Below it most of an int would be empty. */
  private static final int SMALLEST_GROUP = 8;

  private final Packing packing;
  private final PackedMatrix weights;
  private final Optional<PackedMatrix> zeroPoints;
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
  PackedGroups(StoredGroups given, long largestSpan) {
    GroupedWeights.Layout layout = given.layout();
    int groups = layout.groups();
    this.columns = layout.columns();
    this.packing = Packing.of(given.stored().type()).orElseThrow();
    this.weights = new PackedMatrix(packing, given.stored(), layout);
    this.zeroPoints =
        given
            .zeroPoints()
            .map(
                zeros ->
                    new PackedMatrix(
                        packing,
                        zeros,
                        new GroupedWeights.Layout(
                            groups, columns, Math.max(1, groups), layout.transposed())));
    int zero = PackedMatrix.zero(packing, given.stored());
    this.sameZeros = PackedMatrix.filled(packing, zero, weights.lanes());
    this.scales = layout.transposed() ? byGroups(given.scales(), groups) : given.scales();
    boolean inHalves = packing == Packing.NIBBLES;
    this.span = inHalves && largestSpan > LARGEST_MAGNITUDE ? SAFE_SPAN : SPAN;
  }

  /** Tells whether weights can be kept so. */
  static boolean fits(StoredGroups given) {
    DataType type = given.stored().type();
    return Packing.of(type).isPresent()
        && given.zeroPoints().filter(zeros -> zeros.type() != type).isEmpty()
        && given.layout().size() >= SMALLEST_GROUP;
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
    new PackedProduct(task, this).run(workers);
  }

  Packing packing() {
    return packing;
  }

  PackedMatrix weights() {
    return weights;
  }

  /** Returns how many neighbouring k are added before {@link Packing#end}. */
  int span() {
    return span;
  }

  /** Returns ints that have the zero points of a group of a strip at {@link #zeroPlace}. */
  int[] zeros(int strip, int group) {
    return zeroPoints.isPresent() ? zeroPoints.get().words(strip, group) : sameZeros;
  }

  /** Returns by how many bits the zero points of a group are shifted in their ints. */
  int zeroPlace(int group) {
    return group % Packing.EACH * packing.bits();
  }

  /** Copies the scales of a group of neighbouring columns. */
  void scales(int group, int column, int count, float[] into) {
    System.arraycopy(scales, group * columns + column, into, 0, count);
  }
}
