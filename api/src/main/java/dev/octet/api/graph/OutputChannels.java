package dev.octet.api.graph;

import java.util.function.IntSupplier;

/** Where the output channels of a weight run. */
public final class OutputChannels {

  private OutputChannels() {}

  /**
   * Returns the axis of a weight, operand 1 of its node, along which output channels run: axis 0 of
   * Conv, axis 1 of ConvTranspose, axis 0 of Gemm with {@code transB} and axis 1 without, the last
   * axis of MatMul, and axis 0 of other operators. Source: the ONNX operator definitions.
   *
   * @param node the node that reads the weight
   * @param rank gives the rank of the weight; asked only where the axis depends on it
   */
  public static int axis(Node node, IntSupplier rank) {
    return switch (node.op().toString()) {
      case "ConvTranspose" -> 1;
      case "Gemm" -> node.intAttribute("transB", 0) == 0 ? 1 : 0;
      case "MatMul" -> Math.max(rank.getAsInt() - 1, 0);
      default -> 0;
    };
  }
}
