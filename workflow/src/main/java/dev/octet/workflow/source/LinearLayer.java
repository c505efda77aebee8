package dev.octet.workflow.source;

import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import java.util.Objects;

/**
 * A node that multiplies its input by a constant matrix: a MatMul or Gemm whose second operand is
 * constant, or a Conv of single points; or a Gather of the rows of a constant table, which are what
 * a product with rows of zeros and a single one would give.
 *
 * @param node the node's name
 * @param op its operator
 * @param weight where the node reads the constant
 * @param input where it reads what is multiplied
 * @param form how the constant is stored
 */
public record LinearLayer(String node, OpType op, Point weight, Point input, Form form) {

  /** Checks that no component is null. */
  public LinearLayer {
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(op, "op");
    Objects.requireNonNull(weight, "weight");
    Objects.requireNonNull(input, "input");
    Objects.requireNonNull(form, "form");
  }

  /** Tells whether it takes rows of a table. */
  boolean isTable() {
    return op.is("Gather");
  }

  /**
   * How the matrix of a layer is stored, and along which axis of the input its columns run.
   *
   * @param inputs K, how many numbers of the input make one of the result
   * @param outputs N, how many results there are for each token
   * @param inputAxis the axis of the constant along which K runs
   * @param outputAxis the axis along which N runs
   * @param tokenAxis the axis of the layer's input along which K runs; -1 is the innermost
   */
  public record Form(long inputs, long outputs, int inputAxis, int outputAxis, int tokenAxis) {}
}
