package dev.octet.kernels.integer;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.quantize.ParameterLayout;
import dev.octet.kernels.quantize.QuantizeLinear;
import dev.octet.kernels.registry.Kernel;
import dev.octet.kernels.registry.OperatorKernel;
import dev.octet.kernels.registry.Preparation;
import dev.octet.kernels.registry.Signature;
import dev.octet.kernels.registry.UnsupportedNodeException;
import dev.octet.kernels.registry.Workers;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * QuantizeLinear and DequantizeLinear of ONNX (operator sets 10 to 25) and com.microsoft, for all
 * integer types of at most 32 bits: operands x, scale, zero_point; attributes axis, block_size.
 *
 * <p>{@code y = clamp(rne(x / s) + z)} and {@code y = float32(x - z) * s}, every operation rounded
 * to float32, see {@link QuantizeLinear}. Scales are per tensor, along an axis, or for blocks along
 * an axis; x of QuantizeLinear is FLOAT or INT32, converted to float32 first.
 */
final class QuantizeOperators {

  private static final int X = 0;
  private static final int SCALE = 1;
  private static final int ZERO = 2;

  private static final int GRAIN = 1 << 15;

  private QuantizeOperators() {}

  /** Works on a stretch of elements that share a scale and zero point. */
  private interface Stretch {
    void apply(int from, int to, float scale, int zeroPoint);
  }

  /** QuantizeLinear. */
  static OperatorKernel quantize() {
    return new OperatorKernel() {
      @Override
      public Optional<String> refusal(Signature signature) {
        Optional<DataType> x = signature.operandType(X);
        return Refusals.first(
            x.isPresent() && x.get() == DataType.INT32
                ? Optional.empty()
                : Refusals.unlessFloat(signature, X),
            Refusals.unlessFloat(signature, SCALE),
            unlessInteger(signature.operandType(ZERO), ZERO));
      }

      @Override
      public Kernel prepare(Preparation preparation) {
        requireInteger(preparation.result(0).dataType());
        ParameterLayout layout = QuantizationLayouts.of(preparation);
        return new Kernel() {
          @Override
          public void run(
              @Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
            OperandReader reader = new OperandReader(preparation, operands);
            Object y = Objects.requireNonNull(results[0]);
            forEach(layout, preparation, reader, workers, quantizing(preparation, reader, y));
          }
        };
      }
    };
  }

  /** DequantizeLinear. */
  static OperatorKernel dequantize() {
    return new OperatorKernel() {
      @Override
      public Optional<String> refusal(Signature signature) {
        return Refusals.first(
            unlessInteger(signature.operandType(X), X),
            Refusals.unlessFloat(signature, SCALE),
            unlessInteger(signature.operandType(ZERO), ZERO));
      }

      @Override
      public Kernel prepare(Preparation preparation) {
        ParameterLayout layout = QuantizationLayouts.of(preparation);
        return new Kernel() {
          @Override
          public void run(
              @Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
            OperandReader reader = new OperandReader(preparation, operands);
            float[] y = (float[]) Objects.requireNonNull(results[0]);
            DataType type = reader.dataType(X);
            Object x = reader.array(X);
            forEach(
                layout,
                preparation,
                reader,
                workers,
                (from, to, scale, zeroPoint) -> {
                  for (int i = from; i < to; i++) {
                    int q = IntegerArrays.element(type, x, i);
                    y[i] = QuantizeLinear.dequantize(q, scale, zeroPoint);
                  }
                });
          }
        };
      }
    };
  }

  private static Stretch quantizing(Preparation preparation, OperandReader reader, Object y) {
    DataType type = preparation.result(0).dataType();
    IntegerRange range = IntegerRange.of(preparation.node(), type);
    Object x = reader.array(X);
    boolean integers = reader.dataType(X) == DataType.INT32;
    return (from, to, scale, zeroPoint) -> {
      for (int i = from; i < to; i++) {
        float value = integers ? (float) ((int[]) x)[i] : ((float[]) x)[i];
        IntegerArrays.store(type, y, i, range.quantize(value, scale, zeroPoint, type));
      }
    };
  }

  private static void forEach(
      ParameterLayout layout,
      Preparation preparation,
      OperandReader reader,
      Workers workers,
      Stretch stretch) {
    float[] scales = reader.floats(SCALE);
    int[] zeros = preparation.has(ZERO) ? reader.zeroPoints(ZERO) : new int[scales.length];
    if (scales.length == 1) {
      workers.forRange(
          preparation.result(0).count(),
          GRAIN,
          (from, to) -> stretch.apply(from, to, scales[0], zeros[0]));
    } else {
      layout.forEachRun((from, to, p) -> stretch.apply(from, to, scales[p], zeros[p]));
    }
  }

  private static Optional<String> unlessInteger(Optional<DataType> type, int operand) {
    return type.filter(t -> !isQuantized(t))
        .map(t -> "operand " + operand + " of type " + t + " is no integer of at most 32 bits");
  }

  private static void requireInteger(DataType type) {
    if (!isQuantized(type)) {
      throw new UnsupportedNodeException(
          "its result of type " + type + " is no integer of at most 32 bits");
    }
  }

  private static boolean isQuantized(DataType type) {
    return switch (type) {
      case INT2, UINT2, INT4, UINT4, INT8, UINT8, INT16, UINT16, INT32 -> true;
      default -> false;
    };
  }
}
