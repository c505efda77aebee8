package dev.octet.kernels.integer;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.compile.Compilation;
import dev.octet.kernels.compile.CompiledNode;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.OperatorKernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.dialect.Slots;
import dev.octet.kernels.exact.ExactConversions;
import dev.octet.kernels.primitive.Primitives;
import dev.octet.kernels.shape.QuantizedShapes;
import dev.octet.kernels.thread.Workers;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * ONNX DynamicQuantizeLinear: operand x; results y, y_scale, y_zero_point (UINT8).
 *
 * <p>{@code n = min(0, min x)}, {@code p = max(0, max x)}, NaN left out of both; {@code s = (p - n)
 * / 255}, or 1 when {@code p = n}, as ONNX Runtime has it where the standard's formula gives 0;
 * {@code z = rne(clamp(0 - n / s, 0, 255))}, 255 when {@code n / s} is NaN; {@code y = clamp(rne(x
 * / s) + z)}, 0 for NaN. Every operation is rounded to float32.
 */
final class DynamicQuantizeLinear implements OperatorKernel {

  private static final Slots SLOTS = Slots.of("x");
  private static final int X = SLOTS.index("x");

  private static final int GRAIN = 1 << 15;

  static OperatorDefinition definition() {
    return OperatorDefinition.of(
            "DynamicQuantizeLinear",
            QuantizedShapes.dynamicQuantize(X),
            new DynamicQuantizeLinear())
        .since(11)
        .slots(SLOTS)
        .formula(
            "n = min(0, min x), p = max(0, max x), s = (p - n) / 255, z = rne(clamp(0 - n /"
                + " s)), clamp(rne(x / s) + z)")
        .exact(operands -> ExactConversions.dynamicQuantize(operands, operands.get(X)));
  }

  private static final IntegerRange UINT8 = IntegerRange.of(DataType.UINT8);

  @Override
  public Optional<String> refusal(Signature signature) {
    return Refusals.unlessFloat(signature, X);
  }

  @Override
  public CompiledNode compile(Compilation compilation) {
    return DynamicQuantizeLinear::bind;
  }

  private static Kernel bind(Preparation preparation) {
    int count = preparation.operand(X).count();
    return new Kernel() {
      @Override
      public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
        float[] x = (float[]) new OperandReader(preparation, operands).array(X);
        Parameters parameters = Parameters.of(x, count);
        if (results[0] instanceof byte[] y) {
          workers.forRange(
              count,
              GRAIN,
              (from, to) ->
                  Primitives.chosen()
                      .quantize(
                          x,
                          from,
                          to - from,
                          parameters.scale,
                          UINT8.around(parameters.zeroPoint),
                          y,
                          from));
        }
        if (results[1] instanceof float[] scale) {
          scale[0] = parameters.scale;
        }
        if (results[2] instanceof byte[] zeroPoint) {
          zeroPoint[0] = (byte) parameters.zeroPoint;
        }
      }
    };
  }

  /** Scale and zero point of a tensor. */
  record Parameters(float scale, int zeroPoint) {

    static Parameters of(float[] x, int count) {
      float low = 0;
      float high = 0;
      for (int i = 0; i < count; i++) {
        low = x[i] < low ? x[i] : low;
        high = x[i] > high ? x[i] : high;
      }
      float scale = high == low ? 1f : (high - low) / 255f;
      float zero = 0f - low / scale;
      float clamped = zero < 255f ? Math.max(zero, 0f) : 255f;
      return new Parameters(scale, (int) Math.rint((double) clamped));
    }
  }
}
