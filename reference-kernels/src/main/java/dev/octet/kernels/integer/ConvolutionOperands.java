package dev.octet.kernels.integer;

import dev.octet.kernels.compile.Compilation;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.dialect.ParameterSlot;
import dev.octet.kernels.dialect.QuantizedSlot;
import dev.octet.kernels.dialect.Slots;
import dev.octet.kernels.primitive.Requantizer;
import java.util.Optional;

/**
 * The operands of a quantized convolution and of a transposed one: which they are, what they may
 * be, and the parts that both read alike.
 */
final class ConvolutionOperands {

  static final Slots SLOTS =
      Slots.of(
          "x",
          "x_scale",
          "x_zero_point",
          "w",
          "w_scale",
          "w_zero_point",
          "y_scale",
          "y_zero_point",
          "B");
  static final QuantizedSlot INPUT = SLOTS.quantized("x");
  static final QuantizedSlot WEIGHT = SLOTS.quantized("w");
  static final ParameterSlot RESULT = SLOTS.parameters("y");
  static final int BIAS = SLOTS.index("B");

  private ConvolutionOperands() {}

  static Optional<String> refusal(Signature signature) {
    return Refusals.first(
        Refusals.unlessEightOrSixteenBits(
            signature, INPUT.value(), INPUT.zeroPoint(), RESULT.zeroPoint()),
        Refusals.unlessAtMostSixteenBits(signature, WEIGHT.value(), WEIGHT.zeroPoint()),
        Refusals.unlessAddend(signature, BIAS),
        Refusals.unlessFloat(signature, INPUT.scale(), WEIGHT.scale(), RESULT.scale()));
  }

  /** Tells whether an operand alone asks for sums of 64 bits. */
  static boolean areWide(Compilation compilation) {
    return WideOperands.has(compilation, new int[] {INPUT.value(), WEIGHT.value()}, BIAS);
  }

  /**
   * Refuses parameters of more than one element, but for those of the weights.
   *
   * @throws dev.octet.kernels.compile.UnsupportedNodeException with the operand
   */
  static void requireScalars(Preparation preparation) {
    Refusals.requireScalars(
        preparation, INPUT.scale(), INPUT.zeroPoint(), RESULT.scale(), RESULT.zeroPoint());
  }

  /** Returns B for sums of 32 bits; no element where there is none. */
  static FromOperands<int[]> bias(Compilation compilation) {
    return FromOperands.of(compilation, r -> r.has(BIAS) ? r.integers(BIAS) : new int[0], BIAS);
  }

  /** Returns B for sums of 64 bits; no element where there is none. */
  static FromOperands<long[]> wideBias(Compilation compilation) {
    return FromOperands.of(compilation, r -> r.has(BIAS) ? r.longs(BIAS) : new long[0], BIAS);
  }

  /** Returns {@code (s_x * s_w[m]) / s_y} and where the result saturates. */
  static FromOperands<Requantizer> requantizer(Compilation compilation) {
    IntegerRange range = IntegerRange.of(compilation.node(), compilation.resultType(0));
    return FromOperands.of(
        compilation,
        r -> requantizer(r, range),
        INPUT.scale(),
        WEIGHT.scale(),
        RESULT.scale(),
        RESULT.zeroPoint());
  }

  private static Requantizer requantizer(OperandReader reader, IntegerRange range) {
    float[] multipliers =
        Requantizer.multipliers(
            reader.scale(INPUT.scale()),
            reader.floats(WEIGHT.scale()),
            reader.scale(RESULT.scale()));
    return new Requantizer(multipliers, range.around(reader.zeroPoint(RESULT.zeroPoint())));
  }
}
