package dev.octet.kernels.lower;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Node;
import dev.octet.api.qdq.QuantizedValue;
import dev.octet.api.spec.NumericProfile;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import dev.octet.kernels.definition.BoundRule;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.dialect.IntegerDialect;
import dev.octet.kernels.operators.Operators;
import dev.octet.kernels.quantize.QuantizeLinear;
import java.util.List;
import java.util.Optional;

/**
 * Operators that bound their operand, such as Relu and Clip, as bounds on integers.
 *
 * <p>Quantizing is monotone, so that {@code quantize(min(max(v, a), b))} is {@code min(max(
 * quantize(v), quantize(a)), quantize(b))}; the bounds are the quantized a and b.
 */
final class Activations {

  private Activations() {}

  /** Returns what bounds the operand of a node; empty when the node does anything else. */
  static Optional<BoundRule> rule(Node node) {
    return Operators.find(node.op()).flatMap(OperatorDefinition::bound);
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
      BoundRule.Bounds bounds =
          rule(activation).orElseThrow().bounds(lowering.facts(activation, List.of(), y));
      long a = bounds.low().map(v -> quantize(v, y)).orElse(storage.min());
      long b = bounds.high().map(v -> quantize(v, y)).orElse(storage.max());
      low = Math.min(Math.max(low, a), b);
      high = Math.min(Math.max(high, a), b);
    }
    return List.of(
        Attribute.of(IntegerDialect.OUTPUT_MIN, low),
        Attribute.of(IntegerDialect.OUTPUT_MAX, high));
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
