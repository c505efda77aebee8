package dev.octet.kernels.quantize;

/**
 * The values above 0 of FLOAT8E4M3FN, in rising order: subnormals {@code m * 2^-9} for {@code m}
 * from 1 to 7, then {@code (8 + m) * 2^(e - 10)} for exponents {@code e} from 1 to 15 and {@code m}
 * from 0 to 7, without the last, which is NaN. Source: the ONNX standard, "Float stored in 8 bits".
 */
final class Float8 {

  private static final int COUNT = 126;
  private static final int SMALLEST_EXPONENT = -9;

  private Float8() {}

  /** Returns a value by its code, 1 to 126. */
  private static float value(int code) {
    int exponent = code >> 3;
    int mantissa = code & 7;
    return exponent == 0
        ? Math.scalb((float) mantissa, SMALLEST_EXPONENT)
        : Math.scalb((float) (8 + mantissa), SMALLEST_EXPONENT - 1 + exponent);
  }

  /** Returns the code of the smallest value that is not below a number; 127 where none is. */
  private static int codeAtLeast(float number) {
    int code = 1;
    while (code <= COUNT && value(code) < number) {
      code++;
    }
    return code;
  }

  /** Returns the smallest value that is not below a number above 0; plus infinity beyond 448. */
  static float atLeast(float number) {
    int code = codeAtLeast(number);
    return code > COUNT ? Float.POSITIVE_INFINITY : value(code);
  }

  /** Returns the nearest value, of two the one with the even code; the ends beyond them. */
  static float nearest(float number) {
    int above = codeAtLeast(number);
    if (above == 1 || above > COUNT) {
      return value(Math.min(above, COUNT));
    }
    double up = (double) value(above) - number;
    double down = (double) number - value(above - 1);
    boolean upper = up < down || (up == down && (above & 1) == 0);
    return value(upper ? above : above - 1);
  }
}
