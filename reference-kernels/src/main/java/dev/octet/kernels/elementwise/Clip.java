package dev.octet.kernels.elementwise;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Elements;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.definition.BoundRule;
import dev.octet.kernels.definition.FloatNode;
import dev.octet.kernels.thread.Workers;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Clip: {@code min(max(x, lower), upper)}; bounds are attributes up to operator set 10, operands
 * from 11 on. Absent ones are the lowest and the largest finite number, so that infinities become
 * finite: those of float32 up to 10, those of the element type from 11 on. NaN stays NaN.
 */
final class Clip implements Kernel {

  private static final int MIN = 1;
  private static final int MAX = 2;
  private static final int GRAIN = 1 << 14;
  private static final long BOUNDS_AS_OPERANDS = 11;
  private static final double LARGEST_FLOAT16 = 65504;
  private static final double LARGEST_BFLOAT16 = 0x1.FEp127;

  private final ArrayType type;
  private final double lower;
  private final double upper;

  private Clip(ArrayType type, double lower, double upper) {
    this.type = type;
    this.lower = lower;
    this.upper = upper;
  }

  static Kernel prepare(Preparation preparation) {
    ArrayType type = preparation.operand(0);
    if (preparation.opset() >= BOUNDS_AS_OPERANDS) {
      double most = largest(type.dataType());
      return new Clip(type, -most, most);
    }
    return new Clip(
        type,
        preparation.node().floatAttribute("min", -Float.MAX_VALUE),
        preparation.node().floatAttribute("max", Float.MAX_VALUE));
  }

  /**
   * Returns the largest finite number of a type of real numbers; other types have no use for it.
   */
  private static double largest(DataType type) {
    return switch (type) {
      case DOUBLE -> Double.MAX_VALUE;
      case FLOAT16 -> LARGEST_FLOAT16;
      case BFLOAT16 -> LARGEST_BFLOAT16;
      default -> Float.MAX_VALUE;
    };
  }

  /** Returns the bounds of a node on floats. */
  static BoundRule.Bounds bounds(FloatNode clip) {
    return new BoundRule.Bounds(bound(clip, "min", MIN), bound(clip, "max", MAX));
  }

  private static Optional<Float> bound(FloatNode clip, String attribute, int operand) {
    return clip.node().attributes().containsKey(attribute)
        ? Optional.of(clip.node().floatAttribute(attribute, 0f))
        : clip.scalar(operand);
  }

  @Override
  public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
    Object x = ElementwiseOperators.present(operands[0]);
    Object y = ElementwiseOperators.present(results[0]);
    Object min = operands.length > MIN ? operands[MIN] : null;
    Object max = operands.length > MAX ? operands[MAX] : null;
    if (x instanceof float[] floats) {
      float low = min == null ? (float) lower : ((float[]) min)[0];
      float high = max == null ? (float) upper : ((float[]) max)[0];
      float[] target = (float[]) y;
      workers.forRange(
          type.count(), GRAIN, (from, to) -> clip(floats, target, low, high, from, to));
    } else {
      for (int i = 0; i < type.count(); i++) {
        clip(x, y, min, max, i);
      }
    }
  }

  private static void clip(float[] x, float[] y, float low, float high, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = Math.min(Math.max(x[i], low), high);
    }
  }

  private void clip(Object x, Object y, @Nullable Object min, @Nullable Object max, int i) {
    DataType t = type.dataType();
    if (Elements.isReal(t)) {
      double value = Elements.real(t, x, i);
      value = min == null ? Math.max(value, lower) : Math.max(value, Elements.real(t, min, 0));
      value = max == null ? Math.min(value, upper) : Math.min(value, Elements.real(t, max, 0));
      Elements.putReal(t, y, i, value);
    } else {
      long value = Elements.integer(t, x, i);
      value = min == null ? value : Arithmetic.larger(t, value, Elements.integer(t, min, 0));
      value = max == null ? value : Arithmetic.smaller(t, value, Elements.integer(t, max, 0));
      Elements.putInteger(t, y, i, value);
    }
  }
}
