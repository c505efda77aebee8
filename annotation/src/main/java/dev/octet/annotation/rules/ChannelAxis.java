package dev.octet.annotation.rules;

import dev.octet.api.graph.Node;

/**
 * The axis of a constant along which scales run, as a rule states it: a number, or the axis of the
 * output channels, which depends on the operator. Immutable.
 *
 * <p>Output channels of a weight, operand 1, run along axis 0 of Conv, axis 1 of ConvTranspose,
 * axis 0 of Gemm with {@code transB} and axis 1 without, and along the last axis of MatMul; of
 * other operators along axis 0. Source: the ONNX operator definitions.
 */
public sealed interface ChannelAxis {

  /**
   * Always the same axis.
   *
   * @param axis the axis from the outermost, at least 0
   */
  record Numbered(int axis) implements ChannelAxis {
    /** Checks the axis. */
    public Numbered {
      if (axis < 0) {
        throw new IllegalArgumentException("axis " + axis + " is negative");
      }
    }

    @Override
    public int of(Node node, int rank) {
      return axis;
    }
  }

  /** The axis of the output channels. */
  record Output() implements ChannelAxis {
    @Override
    public int of(Node node, int rank) {
      return switch (node.op().toString()) {
        case "ConvTranspose" -> 1;
        case "Gemm" -> node.intAttribute("transB", 0) == 0 ? 1 : 0;
        case "MatMul" -> Math.max(rank - 1, 0);
        default -> 0;
      };
    }
  }

  /**
   * Returns the axis for a node.
   *
   * @param node the node
   * @param rank the rank of the constant
   */
  int of(Node node, int rank);
}
