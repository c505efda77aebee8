package dev.octet.kernels.shape;

import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.ValueType.TensorType;
import java.util.List;
import java.util.Optional;

/** Shape rules of operators that keep the type of operand 0 and scale its elements. */
public final class NormalizationShapes {

  private NormalizationShapes() {}

  /** Softmax, LogSoftmax: an axis, or up to operator set 12 where one begins. */
  public static List<Optional<TensorType>> softmax(ShapeContext context) {
    boolean coerced = context.opset() < 13;
    long stated = context.node().intAttribute("axis", coerced ? 1 : -1);
    context
        .dimensions(0)
        .map(List::size)
        .filter(rank -> rank > 0 && !(coerced && stated == rank))
        .ifPresent(rank -> Dimensions.axis(stated, rank));
    return ElementwiseShapes.sameAsFirst(context);
  }

  /**
   * BatchNormalization: four statistics of each channel; of each element of an image with spatial
   * 0, which operator sets 7 and 8 have.
   */
  public static List<Optional<TensorType>> batchNormalization(ShapeContext context) {
    boolean spatial = context.opset() >= 9 || context.node().intAttribute("spatial", 1) != 0;
    context
        .dimensions(0)
        .map(sizes -> statistics(sizes, spatial))
        .ifPresent(sizes -> requireAll(context, sizes));
    return ElementwiseShapes.sameAsFirst(context);
  }

  /** A list, or a number, is of one channel. */
  private static Dimension[] statistics(List<Dimension> sizes, boolean spatial) {
    if (!spatial && !sizes.isEmpty()) {
      return sizes.subList(1, sizes.size()).toArray(Dimension[]::new);
    }
    return new Dimension[] {sizes.size() < 2 ? Dimension.of(1) : sizes.get(1)};
  }

  private static void requireAll(ShapeContext context, Dimension[] sizes) {
    for (int i = 1; i <= 4; i++) {
      context.requireSizes(i, sizes);
    }
  }
}
