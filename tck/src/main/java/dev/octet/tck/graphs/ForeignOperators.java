package dev.octet.tck.graphs;

import dev.octet.api.graph.OpType;
import dev.octet.api.provider.Capability;
import dev.octet.kernels.execute.SupportedOperators;
import java.util.List;
import java.util.Optional;

/** Operators of one operand that few backends quantize, to stand around what they do. */
public final class ForeignOperators {

  private static final List<String> NAMES =
      List.of(
          "Sin",
          "Cos",
          "Erf",
          "Sinh",
          "Cosh",
          "Tan",
          "Atan",
          "Asinh",
          "Softsign",
          "Mish",
          "Selu",
          "Celu",
          "Softplus",
          "Reciprocal",
          "Sign",
          "Floor");

  private ForeignOperators() {}

  /**
   * Returns an operator that none of the capabilities names, and the reference kernels run; empty
   * when each of them is named.
   */
  public static Optional<OpType> to(List<Capability> capabilities) {
    return NAMES.stream()
        .map(OpType::onnx)
        .filter(SupportedOperators::knows)
        .filter(op -> capabilities.stream().noneMatch(c -> c.pattern().contains(op)))
        .findFirst();
  }
}
