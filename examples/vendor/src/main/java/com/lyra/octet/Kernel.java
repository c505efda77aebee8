package com.lyra.octet;

import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import java.util.List;

/** What one step computes, of the tensors that it reads. Thread-safe: it keeps nothing of a run. */
interface Kernel {

  /** Says that the chip does not compute a node, in words that a refusal shows. */
  final class Unfit extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unfit(String reason) {
      super(reason);
    }
  }

  /** Computes the step. */
  Tensor run(List<Tensor> read);

  /** Returns the kernel of an operator whose use the runtime declares. */
  static Kernel of(Node node, List<Stored> operands, Stored result) {
    return switch (node.op().toString()) {
      case "Conv" -> new Convolution(node, operands, result);
      case "MatMul" -> new Product(operands, result);
      case "Add" -> new Sum(operands, result);
      case "Relu", "Flatten" -> new Table(node, operands.get(0), result);
      default -> throw new Unfit("there is no kernel for it");
    };
  }
}
