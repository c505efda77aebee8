package dev.octet.kernels.integer;

import static dev.octet.kernels.dialect.IntegerDialect.microsoft;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.OpType;
import dev.octet.kernels.compile.Compilation;
import dev.octet.kernels.compile.CompiledNode;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.OperatorKernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.compile.UnsupportedNodeException;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.dialect.QuantizedSlot;
import dev.octet.kernels.dialect.Slots;
import dev.octet.kernels.exact.ExactConversions;
import dev.octet.kernels.primitive.Primitives;
import dev.octet.kernels.primitive.Requantizer;
import dev.octet.kernels.quantize.ParameterLayout;
import dev.octet.kernels.quantize.QuantizeLinear;
import dev.octet.kernels.shape.QuantizedShapes;
import dev.octet.kernels.thread.Workers;
import java.util.ArrayList;
import java.util.List;
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

  /** The operator set that both came with. */
  private static final long FIRST_OPSET = 10;

  private static final Slots SLOTS = Slots.of("x", "scale", "zero_point");
  private static final int X = SLOTS.index("x");
  private static final int SCALE = SLOTS.index("scale");
  private static final int ZERO = SLOTS.index("zero_point");
  private static final QuantizedSlot OPERANDS = new QuantizedSlot(X, SCALE, ZERO);

  private static final int GRAIN = 1 << 15;

  private QuantizeOperators() {}

  /** Returns the definitions. */
  static List<OperatorDefinition> definitions() {
    List<OperatorDefinition> all = new ArrayList<>();
    for (OpType op : List.of(OpType.onnx("QuantizeLinear"), microsoft("QuantizeLinear"))) {
      all.add(
          OperatorDefinition.of(op, QuantizedShapes.quantize(OPERANDS), quantize())
              .since(op.domain().isEmpty() ? FIRST_OPSET : 1)
              .slots(SLOTS)
              .formula("clamp(rne(x / s) + z)")
              .exact(operands -> ExactConversions.quantize(operands, OPERANDS)));
    }
    for (OpType op : List.of(OpType.onnx("DequantizeLinear"), microsoft("DequantizeLinear"))) {
      all.add(
          OperatorDefinition.of(op, QuantizedShapes.dequantize(OPERANDS), dequantize())
              .since(op.domain().isEmpty() ? FIRST_OPSET : 1)
              .slots(SLOTS)
              .formula("f32(q - z) * s")
              .exact(operands -> ExactConversions.dequantize(operands, OPERANDS)));
    }
    return all;
  }

  /** Works on a stretch of elements that share a scale and zero point. */
  private interface Stretch {
    void apply(int from, int to, float scale, int zeroPoint);
  }

  /** QuantizeLinear. */
  private static OperatorKernel quantize() {
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
      public CompiledNode compile(Compilation compilation) {
        return this::bind;
      }

      private Kernel bind(Preparation preparation) {
        requireInteger(preparation.result(0).dataType());
        ParameterLayout layout = QuantizationLayouts.of(preparation, OPERANDS);
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
  private static OperatorKernel dequantize() {
    return new OperatorKernel() {
      @Override
      public Optional<String> refusal(Signature signature) {
        return Refusals.first(
            unlessInteger(signature.operandType(X), X),
            Refusals.unlessFloat(signature, SCALE),
            unlessInteger(signature.operandType(ZERO), ZERO));
      }

      @Override
      public CompiledNode compile(Compilation compilation) {
        return this::bind;
      }

      private Kernel bind(Preparation preparation) {
        requireFloat(preparation.result(0).dataType());
        ParameterLayout layout = QuantizationLayouts.of(preparation, OPERANDS);
        return new Kernel() {
          @Override
          public void run(
              @Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
            OperandReader reader = new OperandReader(preparation, operands);
            float[] y = (float[]) Objects.requireNonNull(results[0]);
            forEach(layout, preparation, reader, workers, dequantizing(reader, y));
          }
        };
      }
    };
  }

  private static Stretch quantizing(Preparation preparation, OperandReader reader, Object y) {
    DataType type = preparation.result(0).dataType();
    IntegerRange range = IntegerRange.of(preparation.node(), type);
    float[] x =
        reader.array(X) instanceof int[] integers
            ? Requantizer.rounded(integers, preparation.result(0).count())
            : (float[]) reader.array(X);
    if (y instanceof int[] wide) {
      return (from, to, scale, zeroPoint) -> {
        for (int i = from; i < to; i++) {
          wide[i] = range.quantize(x[i], scale, zeroPoint);
        }
      };
    }
    return (from, to, scale, zeroPoint) ->
        Primitives.chosen().quantize(x, from, to - from, scale, range.around(zeroPoint), y, from);
  }

  private static Stretch dequantizing(OperandReader reader, float[] y) {
    DataType type = reader.dataType(X);
    Object x = reader.array(X);
    if (x instanceof int[] wide) {
      return (from, to, scale, zeroPoint) -> {
        for (int i = from; i < to; i++) {
          y[i] = QuantizeLinear.dequantize(wide[i], scale, zeroPoint);
        }
      };
    }
    return (from, to, scale, zeroPoint) ->
        Primitives.chosen().dequantize(type, x, from, to - from, scale, zeroPoint, y, from);
  }

  private static void forEach(
      ParameterLayout layout,
      Preparation preparation,
      OperandReader reader,
      Workers workers,
      Stretch stretch) {
    float[] scales = reader.floats(SCALE);
    int[] zeros = preparation.has(ZERO) ? reader.zeroPoints(ZERO) : new int[scales.length];
    workers.forRange(
        preparation.result(0).count(),
        GRAIN,
        (first, last) ->
            layout.forEachRun(
                first, last, (from, to, p) -> stretch.apply(from, to, scales[p], zeros[p])));
  }

  private static Optional<String> unlessInteger(Optional<DataType> type, int operand) {
    return type.filter(t -> !isQuantized(t))
        .map(t -> "operand " + operand + " of type " + t + " is no integer of at most 32 bits");
  }

  private static void requireFloat(DataType type) {
    if (type != DataType.FLOAT) {
      throw new UnsupportedNodeException("its result of type " + type + " is not FLOAT");
    }
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
      case UINT32, INT64, UINT64, BOOL, STRING, FLOAT, DOUBLE, FLOAT16, BFLOAT16 -> false;
      case COMPLEX64, COMPLEX128, FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ -> false;
      case FLOAT8E8M0, FLOAT4E2M1 -> false;
    };
  }
}
