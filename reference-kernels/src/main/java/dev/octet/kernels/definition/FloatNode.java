package dev.octet.kernels.definition;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A node on floats between DequantizeLinear and QuantizeLinear.
 *
 * @param node the node
 * @param opset the version of the default operator set
 * @param mostBits the most bits that a quantized operand or its quantized result has
 * @param resultScale the scale of its quantized result
 * @param constants gives the contents of a value that is constant
 */
public record FloatNode(
    Node node,
    long opset,
    int mostBits,
    float resultScale,
    Function<String, Optional<Tensor>> constants) {

  /** Returns its attributes. */
  public List<Attribute> attributes() {
    return List.copyOf(node.attributes().values());
  }

  /** Returns the contents of an operand; empty when it is left out or not constant. */
  public Optional<Tensor> constant(int operand) {
    return node.operand(operand).flatMap(constants);
  }

  /**
   * Returns the FLOAT that an operand is; empty when it is left out.
   *
   * @throws StaysFloatException if the operand is anything but a constant of one FLOAT
   */
  public Optional<Float> scalar(int operand) {
    if (node.operand(operand).isEmpty()) {
      return Optional.empty();
    }
    Tensor constant =
        constant(operand)
            .filter(t -> t.dataType() == DataType.FLOAT && t.elementCount() == 1)
            .orElseThrow(
                () ->
                    new StaysFloatException(
                        "operand " + operand + " of '" + node.name() + "' is no constant"));
    return Optional.of(constant.floats()[0]);
  }
}
