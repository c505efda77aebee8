package dev.octet.kernels.elementwise;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Elements;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.thread.Workers;
import org.jspecify.annotations.Nullable;

/** Functions of one element that every number type, or truth values, have. Integers wrap around. */
enum Unary {
  NEG,
  ABS,
  SIGN,
  NOT,
  BITS,
  IS_NAN,
  IS_INF;

  Kernel prepare(Preparation preparation) {
    ArrayType x = preparation.operand(0);
    DataType from = x.dataType();
    DataType to = preparation.result(0).dataType();
    boolean negative = preparation.node().intAttribute("detect_negative", 1) != 0;
    boolean positive = preparation.node().intAttribute("detect_positive", 1) != 0;
    return new Kernel() {
      @Override
      public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
        Object source = ElementwiseOperators.present(operands[0]);
        Object target = ElementwiseOperators.present(results[0]);
        for (int i = 0; i < x.count(); i++) {
          if (!Elements.isReal(from)) {
            Elements.putInteger(to, target, i, integer(from, Elements.integer(from, source, i)));
          } else if (to == DataType.BOOL) {
            boolean found = found(Elements.real(from, source, i), negative, positive);
            Elements.putInteger(to, target, i, found ? 1 : 0);
          } else {
            Elements.putReal(to, target, i, real(Elements.real(from, source, i)));
          }
        }
      }
    };
  }

  private long integer(DataType type, long x) {
    return switch (this) {
      case NEG -> -x;
      case ABS -> Arithmetic.absolute(type, x);
      case SIGN -> Integer.signum(Arithmetic.compare(type, x, 0));
      case NOT -> x == 0 ? 1 : 0;
      case BITS -> ~x;
      case IS_NAN, IS_INF -> throw new IllegalStateException(this + " of integers");
    };
  }

  private double real(double x) {
    return switch (this) {
      case NEG -> -x;
      case ABS -> Math.abs(x);
      case SIGN -> Math.signum(x);
      case NOT, BITS, IS_NAN, IS_INF -> throw new IllegalStateException(this + " gives no float");
    };
  }

  private boolean found(double x, boolean negative, boolean positive) {
    return this == IS_NAN
        ? Double.isNaN(x)
        : (negative && x == Double.NEGATIVE_INFINITY)
            || (positive && x == Double.POSITIVE_INFINITY);
  }
}
