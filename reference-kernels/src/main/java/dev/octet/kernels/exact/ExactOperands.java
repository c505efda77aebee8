package dev.octet.kernels.exact;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.dialect.ParameterSlot;
import dev.octet.kernels.dialect.QuantizedSlot;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One node with its operands, asked for one of its results. Immutable and thread-safe.
 *
 * @param node the node
 * @param opset the version of the operator set that the node's domain has in the model
 * @param tensors the operands by name; others are not looked at
 * @param result the index of the result
 * @param type the element type and the known shape of that result
 */
public record ExactOperands(
    Node node, long opset, Map<String, Tensor> tensors, int result, TensorType type) {

  /** Copies the map, and checks that no component is null. */
  public ExactOperands {
    Objects.requireNonNull(node, "node");
    tensors = Map.copyOf(tensors);
    Objects.requireNonNull(type, "type");
  }

  /** Returns the element type of the result. */
  public DataType dataType() {
    return type.dataType();
  }

  /**
   * Returns the sizes of the result.
   *
   * @throws IllegalArgumentException if they are not known
   */
  public int[] sizes() {
    return type.shape().orElseThrow(() -> unknown(type)).dimensions().stream()
        .mapToInt(dimension -> Math.toIntExact(dimension.known().orElseThrow(() -> unknown(type))))
        .toArray();
  }

  private static IllegalArgumentException unknown(TensorType type) {
    return new IllegalArgumentException("the shape of the result " + type + " is not known");
  }

  /**
   * Returns an operand; empty when it is left out.
   *
   * @throws IllegalArgumentException if the node has it and it is not given
   */
  public Optional<Tensor> find(int index) {
    return node.operand(index).map(this::given);
  }

  private Tensor given(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(
          "operand '" + name + "' of '" + node.name() + "' is not given");
    }
    return tensor;
  }

  /**
   * Returns an operand.
   *
   * @throws IllegalArgumentException if it is left out or not given
   */
  public Tensor get(int index) {
    return find(index)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "operand " + index + " of '" + node.name() + "' is left out"));
  }

  /** Returns the integers of an operand with their scales and zero points, 0 when left out. */
  public QuantizedOperand quantized(QuantizedSlot slot) {
    return new QuantizedOperand(
        get(slot.value()), Optional.of(get(slot.scale())), find(slot.zeroPoint()));
  }

  /** Returns the integers at an index that have no scale. */
  public QuantizedOperand integers(int index, int zeroPoint) {
    return new QuantizedOperand(get(index), Optional.empty(), find(zeroPoint));
  }

  /** Returns the parameters of the result: its scale, and its zero point, 0 when left out. */
  public ResultParameters parameters(ParameterSlot slot) {
    return new ResultParameters(
        new BigDecimal(get(slot.scale()).floats()[0]),
        find(slot.zeroPoint()).map(t -> t.integers()[0]).orElse(0L));
  }
}
