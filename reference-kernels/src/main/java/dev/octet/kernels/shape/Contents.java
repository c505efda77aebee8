package dev.octet.kernels.shape;

import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is known of the elements of a value.
 *
 * @param tensor all elements; empty when they are not all known
 * @param sizes the elements of a scalar or list of non-negative integers, where a symbol stands for
 *     the size of a dimension of that name; empty when nothing is known
 */
public record Contents(Optional<Tensor> tensor, Optional<List<Dimension>> sizes) {

  /** Nothing is known. */
  public static final Contents UNKNOWN = new Contents(Optional.empty(), Optional.empty());

  /** A list longer than this is no list of sizes. */
  private static final int MOST_SIZES = 64;

  /** Copies the list. */
  public Contents {
    sizes = sizes.map(List::copyOf);
  }

  /** Returns the contents of a constant. */
  public static Contents of(Tensor tensor) {
    return new Contents(Optional.of(tensor), sizesOf(tensor));
  }

  /** Returns contents of which some elements may be symbols or unknown. */
  static Contents ofSizes(List<Dimension> sizes) {
    return new Contents(
        Dimensions.sizes(sizes).map(known -> Tensor.of(known, known.length)), Optional.of(sizes));
  }

  private static Optional<List<Dimension>> sizesOf(Tensor tensor) {
    if (!tensor.dataType().isInteger() || tensor.rank() > 1 || tensor.elementCount() > MOST_SIZES) {
      return Optional.empty();
    }
    List<Dimension> sizes = new ArrayList<>();
    for (long element : tensor.integers()) {
      if (element < 0) {
        return Optional.empty();
      }
      sizes.add(Dimension.of(element));
    }
    return Optional.of(sizes);
  }
}
