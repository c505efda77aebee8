package dev.octet.workflow.evaluate;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.ValueType;
import java.util.Optional;

/**
 * Which value of a float model a QuantizeLinear of the quantized one reads: that of the name of
 * what it reads, maybe before a Clip to the range; of its integers, where they are an output of the
 * model; or of what they are dequantized to, where that has the name of an output.
 *
 * @param floats the main graph of the float model, with types
 * @param quantized that of the quantized one
 */
record RangedValues(Graph floats, Graph quantized) {

  /** Returns the range of a QuantizeLinear of one scale, less what a Clip before it leaves out. */
  Optional<IntegerRange> range(Node node) {
    return InputRanges.quantizing(quantized, node)
        .map(range -> clip(node).map(clip -> bounded(clip, range)).orElse(range));
  }

  /** Returns the float value that a QuantizeLinear reads; empty where none has its name. */
  Optional<String> value(Node quantize) {
    String read = clip(quantize).orElse(quantize).operands().get(0);
    String integers = quantize.results().get(0);
    return Optional.of(read)
        .filter(this::isFloatResult)
        .or(() -> Optional.of(integers).filter(this::isFloatResult))
        .or(() -> dequantized(integers));
  }

  private Optional<String> dequantized(String integers) {
    return quantized.uses(integers).stream()
        .map(Point::node)
        .flatMap(name -> quantized.node(name).stream())
        .filter(node -> node.op().is("DequantizeLinear"))
        .map(node -> node.results().get(0))
        .filter(this::isFloatResult)
        .findFirst();
  }

  /** Returns the Clip that quantization put before a QuantizeLinear. */
  private Optional<Node> clip(Node quantize) {
    return quantized
        .producer(quantize.operands().get(0))
        .filter(node -> node.op().is("Clip") && floats.node(node.name()).isEmpty());
  }

  private IntegerRange bounded(Node clip, IntegerRange range) {
    return range.within(
        bound(clip, 1, Float.NEGATIVE_INFINITY), bound(clip, 2, Float.POSITIVE_INFINITY));
  }

  private float bound(Node clip, int index, float absent) {
    return InputRanges.constant(quantized, clip, index)
        .filter(bound -> bound.dataType() == DataType.FLOAT && bound.elementCount() == 1)
        .map(bound -> bound.floats()[0])
        .orElse(absent);
  }

  private boolean isFloatResult(String value) {
    return floats.producer(value).isPresent()
        && floats
            .type(value)
            .flatMap(ValueType::tensor)
            .filter(type -> type.dataType() == DataType.FLOAT)
            .isPresent();
  }
}
