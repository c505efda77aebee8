package dev.octet.kernels.integer;

import static dev.octet.kernels.dialect.UnarySlots.INPUT;
import static dev.octet.kernels.dialect.UnarySlots.RESULT;

import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.Signature;
import java.util.Optional;

/** What the operators on one quantized tensor take, in the order of {@code UnarySlots}. */
final class UnaryOperands {

  private UnaryOperands() {}

  /** Refuses a tensor or a result of neither 8 nor 16 bits, and scales that are no floats. */
  static Optional<String> refusal(Signature signature) {
    return Refusals.first(
        Refusals.unlessEightOrSixteenBits(
            signature, INPUT.value(), INPUT.zeroPoint(), RESULT.zeroPoint()),
        Refusals.unlessFloat(signature, INPUT.scale(), RESULT.scale()));
  }

  /**
   * Refuses parameters of more than one element.
   *
   * @throws dev.octet.kernels.compile.UnsupportedNodeException with the operand
   */
  static void requireScalars(Preparation preparation) {
    Refusals.requireScalars(
        preparation, INPUT.scale(), INPUT.zeroPoint(), RESULT.scale(), RESULT.zeroPoint());
  }
}
