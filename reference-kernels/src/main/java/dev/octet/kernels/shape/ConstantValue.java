package dev.octet.kernels.shape;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import java.util.List;
import java.util.Optional;

/** What Constant and Shape nodes hold. */
public final class ConstantValue {

  private ConstantValue() {}

  /** Returns the tensor that a Constant node holds; empty for strings and sparse tensors. */
  public static Optional<Tensor> of(Node node) {
    Optional<Tensor> tensor = node.tensorAttribute("value");
    if (tensor.isPresent()) {
      return tensor;
    }
    for (Attribute attribute : node.attributes().values()) {
      Optional<Tensor> stated = of(attribute.value());
      if (stated.isPresent()) {
        return stated;
      }
    }
    return Optional.empty();
  }

  private static Optional<Tensor> of(Attribute.Value value) {
    return value.match(
        new Attribute.Value.Cases<>(
            integer -> Optional.of(Tensor.of(new long[] {integer.value()})),
            number -> Optional.of(Tensor.of(new float[] {number.value()})),
            string -> Optional.empty(),
            integers -> Optional.of(integers(integers.values())),
            numbers -> Optional.of(floats(numbers.values())),
            strings -> Optional.empty(),
            tensor -> Optional.empty(),
            graph -> Optional.empty(),
            graphs -> Optional.empty(),
            opaque -> Optional.empty()));
  }

  private static Tensor integers(List<Long> values) {
    long[] elements = values.stream().mapToLong(Long::longValue).toArray();
    return Tensor.of(elements, elements.length);
  }

  private static Tensor floats(List<Float> values) {
    float[] elements = new float[values.size()];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = values.get(i);
    }
    return Tensor.of(elements, elements.length);
  }

  /** Returns the dimensions that a Shape node gives: those from start to end. */
  static List<Dimension> shape(Node node, List<Dimension> dimensions) {
    int rank = dimensions.size();
    long start = node.intAttribute("start", 0);
    long end = node.intAttribute("end", rank);
    int from = (int) Math.max(0, Math.min(rank, start < 0 ? start + rank : start));
    int to = (int) Math.max(0, Math.min(rank, end < 0 ? end + rank : end));
    return dimensions.subList(from, Math.max(from, to));
  }

  /** Returns the sizes that a Shape node gives for an operand of known shape. */
  public static long[] shape(Node node, Shape operand) {
    return new Shape(shape(node, operand.dimensions())).sizes();
  }
}
