package dev.octet.kernels.elementwise;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Elements;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.thread.Workers;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Cast among truth values, integers of 2 to 64 bits, and floats of 16 to 64 bits.
 *
 * <p>Float to float rounds half to even. Float to integer truncates towards zero, saturates at the
 * range of a signed 64-bit integer (NaN becomes 0), and keeps the lowest bits of that. Integer to
 * integer keeps the lowest bits. Integer to float rounds half to even once. Everything but zero is
 * true; true is 1.
 */
final class Cast {

  /** Floats from 2^63 on do not fit into a signed long. */
  private static final double TWO_TO_63 = 0x1p63;

  /** The bits of a long that a double may have no room for. */
  private static final long CUT_OFF = (1 << 11) - 1;

  private Cast() {}

  /** Tells whether elements of a type can be converted. */
  static boolean takes(DataType type) {
    return type == DataType.BOOL || type.isInteger() || Elements.isReal(type);
  }

  static Kernel prepare(Preparation preparation) {
    ArrayType x = preparation.operand(0);
    ArrayType y = preparation.result(0);
    if (x.dataType() == y.dataType()) {
      return Kernel.alias(0);
    }
    return new Kernel() {
      @Override
      public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
        Object source = ElementwiseOperators.present(operands[0]);
        Object target = ElementwiseOperators.present(results[0]);
        for (int i = 0; i < y.count(); i++) {
          convert(x.dataType(), source, y.dataType(), target, i);
        }
      }
    };
  }

  /** Returns why a target type is refused. */
  static Optional<String> refusal(Optional<DataType> to) {
    return to.filter(type -> !takes(type)).map(type -> "a cast to " + type + " is not supported");
  }

  private static void convert(DataType from, Object source, DataType to, Object target, int i) {
    if (to == DataType.BOOL) {
      Elements.putInteger(to, target, i, isZero(from, source, i) ? 0 : 1);
    } else if (Elements.isReal(from)) {
      double value = Elements.real(from, source, i);
      if (Elements.isReal(to)) {
        Elements.putReal(to, target, i, value);
      } else {
        Elements.putInteger(to, target, i, truncated(to, value));
      }
    } else {
      long value = Elements.integer(from, source, i);
      if (Elements.isReal(to)) {
        putInteger(from, value, to, target, i);
      } else {
        Elements.putInteger(to, target, i, value);
      }
    }
  }

  private static boolean isZero(DataType from, Object source, int i) {
    return Elements.isReal(from)
        ? Elements.real(from, source, i) == 0
        : Elements.integer(from, source, i) == 0;
  }

  private static long truncated(DataType to, double value) {
    boolean upperHalf = to == DataType.UINT64 && value >= TWO_TO_63;
    return upperHalf ? (long) (value - TWO_TO_63) ^ Long.MIN_VALUE : (long) value;
  }

  /**
   * An integer becomes a float in one rounding, for float32 without a detour through double. From
   * 2^63 on, half of it is converted; its lowest bit keeps what is shifted out, so that the half
   * rounds as the whole would. For 16-bit floats the detour is kept from rounding in the same way.
   */
  private static void putInteger(DataType from, long value, DataType to, Object target, int i) {
    boolean wide = from == DataType.UINT64 && value < 0;
    long whole = wide ? (value >>> 1) | (value & 1) : value;
    int factor = wide ? 2 : 1;
    if (to == DataType.FLOAT) {
      ((float[]) target)[i] = factor * (float) whole;
    } else {
      long exact = to == DataType.DOUBLE ? whole : withStickyBit(whole);
      Elements.putReal(to, target, i, factor * (double) exact);
    }
  }

  /**
   * Returns an integer that a double holds exactly and that rounds to a 16-bit float as another one
   * does: from 2^53 on, bit 11 keeps what is cut off below it.
   */
  private static long withStickyBit(long value) {
    long cut = value & CUT_OFF;
    return Math.abs(value) >> 53 == 0 || cut == 0 ? value : (value & ~CUT_OFF) | (CUT_OFF + 1);
  }
}
