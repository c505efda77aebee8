package dev.octet.api.graph;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * The shape of a tensor whose rank is known.
 *
 * @param dimensions the dimensions, outermost first; empty for a scalar
 */
public record Shape(List<Dimension> dimensions) {

  /** Copies the list. */
  public Shape {
    dimensions = List.copyOf(dimensions);
  }

  /** Returns a shape of known sizes. */
  public static Shape of(long... sizes) {
    Dimension[] dimensions = new Dimension[sizes.length];
    for (int i = 0; i < sizes.length; i++) {
      dimensions[i] = Dimension.of(sizes[i]);
    }
    return new Shape(List.of(dimensions));
  }

  /**
   * Returns the number of elements of an array of some sizes: 1 for none, and 0 where one is 0,
   * however large the others.
   *
   * @param sizes sizes of at least 0
   * @throws ArithmeticException if there are more than 2^63 - 1
   */
  public static long count(long... sizes) {
    return LongStream.of(sizes).anyMatch(size -> size == 0)
        ? 0
        : LongStream.of(sizes).reduce(1, Math::multiplyExact);
  }

  /** Returns the number of dimensions. */
  public int rank() {
    return dimensions.size();
  }

  /** Tells whether every dimension has a known size. */
  public boolean isKnown() {
    return dimensions.stream().allMatch(Dimension::isKnown);
  }

  /**
   * Returns the sizes of the dimensions.
   *
   * @throws IllegalStateException if one is not known
   */
  public long[] sizes() {
    return dimensions.stream()
        .mapToLong(
            d ->
                d.known()
                    .orElseThrow(
                        () -> new IllegalStateException("shape " + this + " is not known")))
        .toArray();
  }

  /** Returns the shape as text, such as {@code [N, 3, 32, 32]}. */
  @Override
  public String toString() {
    return dimensions.stream().map(Dimension::toString).collect(Collectors.joining(", ", "[", "]"));
  }
}
