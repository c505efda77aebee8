package dev.octet.kernels.elementwise;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Elements;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.KernelDataException;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.index.Broadcast;
import dev.octet.kernels.thread.Workers;
import org.jspecify.annotations.Nullable;

/**
 * Arithmetic of two operands that broadcast, of any number type but FLOAT.
 *
 * <p>Integers are computed in 64 bits and wrap around into their type. Floats of other widths are
 * computed in double and rounded once.
 */
final class Arithmetic {

  private Arithmetic() {}

  /** A function of two integers; type tells whether 64 bits are unsigned. */
  @FunctionalInterface
  interface OfIntegers {
    long apply(DataType type, long x, long y);
  }

  /** A function of two doubles. */
  @FunctionalInterface
  interface OfReals {
    double apply(double x, double y);
  }

  /** Returns the kernel that applies one of the functions, by the type of the result. */
  static Kernel kernel(Preparation preparation, OfIntegers integers, OfReals reals) {
    ArrayType z = preparation.result(0);
    DataType type = z.dataType();
    Broadcast walk =
        Broadcast.of(z.sizes(), preparation.operand(0).sizes(), preparation.operand(1).sizes());
    return new Kernel() {
      @Override
      public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
        Object x = ElementwiseOperators.present(operands[0]);
        Object y = ElementwiseOperators.present(operands[1]);
        Object target = ElementwiseOperators.present(results[0]);
        for (int i = 0; i < z.count(); i++) {
          int a = walk.index(0, i);
          int b = walk.index(1, i);
          if (Elements.isReal(type)) {
            double value = reals.apply(Elements.real(type, x, a), Elements.real(type, y, b));
            Elements.putReal(type, target, i, value);
          } else {
            long first = Elements.integer(type, x, a);
            long second = Elements.integer(type, y, b);
            Elements.putInteger(type, target, i, integers.apply(type, first, second));
          }
        }
      }
    };
  }

  /** The quotient, rounded towards zero. */
  static long divide(DataType type, long x, long y) {
    requireDivisor(y);
    return type == DataType.UINT64 ? Long.divideUnsigned(x, y) : x / y;
  }

  /** The remainder with the sign of the divisor. */
  static long floorModulo(DataType type, long x, long y) {
    requireDivisor(y);
    return type == DataType.UINT64 ? Long.remainderUnsigned(x, y) : Math.floorMod(x, y);
  }

  /** The remainder with the sign of the dividend. */
  static long remainder(DataType type, long x, long y) {
    requireDivisor(y);
    return type == DataType.UINT64 ? Long.remainderUnsigned(x, y) : x % y;
  }

  static long larger(DataType type, long x, long y) {
    return compare(type, x, y) >= 0 ? x : y;
  }

  static long smaller(DataType type, long x, long y) {
    return compare(type, x, y) <= 0 ? x : y;
  }

  /** The magnitude; that of the smallest integer wraps around. */
  static long absolute(DataType type, long x) {
    return type == DataType.UINT64 ? x : Math.abs(x);
  }

  /** Compares two integers of a type. */
  static int compare(DataType type, long x, long y) {
    return type == DataType.UINT64 ? Long.compareUnsigned(x, y) : Long.compare(x, y);
  }

  private static void requireDivisor(long y) {
    if (y == 0) {
      throw new KernelDataException("an integer is divided by 0");
    }
  }
}
