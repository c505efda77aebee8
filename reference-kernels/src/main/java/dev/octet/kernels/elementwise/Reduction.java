package dev.octet.kernels.elementwise;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Elements;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.shape.ReduceAxes;
import dev.octet.kernels.thread.Workers;
import org.jspecify.annotations.Nullable;

/**
 * ReduceMean and its kin. The reduced elements are taken in row-major order; floats are accumulated
 * in double and rounded once, integers in 64 bits and wrapped into their type. A mean of integers
 * is rounded towards zero. The minimum and maximum of floats are NaN if an element is.
 */
enum Reduction {
  SUM(0),
  MEAN(0),
  MAX(Double.NEGATIVE_INFINITY),
  MIN(Double.POSITIVE_INFINITY),
  PROD(1),
  L1(0),
  L2(0),
  SUM_SQUARE(0),
  LOG_SUM(0),
  LOG_SUM_EXP(0);

  /** Elements that are worth the cost of another thread. */
  private static final int GRAIN = 1 << 14;

  private final double realStart;

  Reduction(double realStart) {
    this.realStart = realStart;
  }

  Kernel prepare(Preparation preparation) {
    ArrayType x = preparation.operand(0);
    ArrayType y = preparation.result(0);
    DataType type = x.dataType();
    boolean noop = preparation.node().intAttribute("noop_with_empty_axes", 0) != 0;
    long[] stated = preparation.integers("axes", 1).orElse(new long[0]);
    ReductionWalk walk = ReductionWalk.of(x.sizes(), ReduceAxes.of(stated, noop, x.rank()));
    int grain = Math.max(1, GRAIN / Math.max(1, walk.reduced()));
    return new Kernel() {
      @Override
      public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
        Object source = ElementwiseOperators.present(operands[0]);
        Object target = ElementwiseOperators.present(results[0]);
        workers.forRange(
            y.count(),
            grain,
            (from, to) -> {
              for (int i = from; i < to; i++) {
                reduce(type, source, walk, i, target);
              }
            });
      }
    };
  }

  private void reduce(DataType type, Object source, ReductionWalk walk, int i, Object target) {
    if (source instanceof float[] floats) {
      ((float[]) target)[i] = (float) reduce(floats, walk, i);
    } else if (Elements.isReal(type)) {
      double value = realStart;
      double shift = this == LOG_SUM_EXP ? largest(type, source, walk, i) : 0;
      for (int k = 0; k < walk.reduced(); k++) {
        value = add(value, Elements.real(type, source, walk.index(i, k)), shift);
      }
      Elements.putReal(type, target, i, finish(value, walk.reduced(), shift));
    } else {
      Elements.putInteger(type, target, i, integer(type, source, walk, i));
    }
  }

  private double reduce(float[] x, ReductionWalk walk, int i) {
    double value = realStart;
    double shift = this == LOG_SUM_EXP ? largest(DataType.FLOAT, x, walk, i) : 0;
    int base = walk.base(i);
    for (int line = 0; line < walk.lines(); line++) {
      int at = base + walk.line(line);
      for (int k = 0; k < walk.length(); k++, at += walk.step()) {
        value = add(value, x[at], shift);
      }
    }
    return finish(value, walk.reduced(), shift);
  }

  private static double largest(DataType type, Object x, ReductionWalk walk, int i) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < walk.reduced(); k++) {
      largest = Math.max(largest, Elements.real(type, x, walk.index(i, k)));
    }
    return Double.isInfinite(largest) ? 0 : largest;
  }

  private double add(double sum, double x, double shift) {
    return switch (this) {
      case SUM, MEAN, LOG_SUM -> sum + x;
      case MAX -> Math.max(sum, x);
      case MIN -> Math.min(sum, x);
      case PROD -> sum * x;
      case L1 -> sum + Math.abs(x);
      case L2, SUM_SQUARE -> sum + x * x;
      case LOG_SUM_EXP -> sum + StrictMath.exp(x - shift);
    };
  }

  private double finish(double sum, int count, double shift) {
    return switch (this) {
      case MEAN -> sum / count;
      case L2 -> Math.sqrt(sum);
      case LOG_SUM -> StrictMath.log(sum);
      case LOG_SUM_EXP -> StrictMath.log(sum) + shift;
      case SUM, MAX, MIN, PROD, L1, SUM_SQUARE -> sum;
    };
  }

  private long integer(DataType type, Object source, ReductionWalk walk, int i) {
    long value = integerStart(type);
    for (int k = 0; k < walk.reduced(); k++) {
      long x = Elements.integer(type, source, walk.index(i, k));
      value =
          switch (this) {
            case SUM, MEAN -> value + x;
            case MAX -> Arithmetic.larger(type, value, x);
            case MIN -> Arithmetic.smaller(type, value, x);
            case PROD -> value * x;
            case L1 -> value + Arithmetic.absolute(type, x);
            case SUM_SQUARE -> value + x * x;
            case L2, LOG_SUM, LOG_SUM_EXP -> throw new IllegalStateException(this + " of integers");
          };
    }
    return this == MEAN ? Arithmetic.divide(type, value, Math.max(1, walk.reduced())) : value;
  }

  /** What a reduction of no integer gives: the end of the type's range for an extreme. */
  private long integerStart(DataType type) {
    boolean signed = type.isSignedInteger();
    int unused = Long.SIZE - type.bits() + (signed ? 1 : 0);
    long largest = -1L >>> unused;
    return switch (this) {
      case MAX -> signed ? ~largest : 0;
      case MIN -> largest;
      case PROD -> 1;
      case SUM, MEAN, L1, L2, SUM_SQUARE, LOG_SUM, LOG_SUM_EXP -> 0;
    };
  }

  /** Tells whether integers can be reduced this way. */
  boolean takesIntegers() {
    return switch (this) {
      case L2, LOG_SUM, LOG_SUM_EXP -> false;
      case SUM, MEAN, MAX, MIN, PROD, L1, SUM_SQUARE -> true;
    };
  }
}
