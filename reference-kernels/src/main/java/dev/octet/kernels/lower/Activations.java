package dev.octet.kernels.lower;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Node;
import dev.octet.api.qdq.QuantizedValue;
import dev.octet.api.spec.NumericProfile;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import dev.octet.kernels.dialect.IntegerDialect;
import dev.octet.kernels.quantize.QuantizeLinear;
import java.util.List;
import java.util.Optional;

/**
 * Relu and Clip as bounds on integers.
 *
 * <p>Quantizing is monotone, so that {@code quantize(min(max(v, a), b))} is {@code min(max(
 * quantize(v), quantize(a)), quantize(b))}; the bounds are the quantized a and b.
 */
final class Activations {

  private Activations() {}

  /** Tells whether a node is a bound on its operand. */
  static boolean clamps(Node node) {
    return node.op().is("Relu") || node.op().is("Clip");
  }

  /**
   * Returns the attributes output_min and output_max that activations, one behind the other, become
   * on quantized results; none without activations.
   */
  static List<Attribute> bounds(List<Node> activations, QuantizedValue y, Lowering lowering) {
    if (activations.isEmpty()) {
      return List.of();
    }
    Storage storage = Storage.valueOf(y.type().name());
    long low = storage.min();
    long high = storage.max();
    for (Node activation : activations) {
      long a = lower(activation, lowering).map(v -> quantize(v, y)).orElse(storage.min());
      long b = upper(activation, lowering).map(v -> quantize(v, y)).orElse(storage.max());
      low = Math.min(Math.max(low, a), b);
      high = Math.min(Math.max(high, a), b);
    }
    return List.of(
        Attribute.of(IntegerDialect.OUTPUT_MIN, low),
        Attribute.of(IntegerDialect.OUTPUT_MAX, high));
  }

  private static Optional<Float> lower(Node activation, Lowering lowering) {
    if (activation.op().is("Relu")) {
      return Optional.of(0f);
    }
    return activation.attributes().containsKey("min")
        ? Optional.of(activation.floatAttribute("min", 0f))
        : lowering.scalar(activation, 1);
  }

  private static Optional<Float> upper(Node activation, Lowering lowering) {
    if (activation.op().is("Relu")) {
      return Optional.empty();
    }
    return activation.attributes().containsKey("max")
        ? Optional.of(activation.floatAttribute("max", 0f))
        : lowering.scalar(activation, 2);
  }

  /** Returns the integer that a float becomes. */
  static long quantize(float value, QuantizedValue y) {
    return QuantizeLinear.quantize(
        value,
        y.firstScale(),
        y.firstZero(),
        QuantizedType.of(Storage.valueOf(y.type().name())),
        NumericProfile.onnx());
  }
}
