package dev.octet.kernels.array;

/** Binary floating-point formats of 16 bits: sign, exponent, mantissa, from the highest bit. */
public enum SmallFloat {
  /** IEEE 754 binary16. */
  FLOAT16(5, 10),
  /** The upper half of a float32. */
  BFLOAT16(8, 7);

  private final int exponentBits;
  private final int mantissaBits;

  SmallFloat(int exponentBits, int mantissaBits) {
    this.exponentBits = exponentBits;
    this.mantissaBits = mantissaBits;
  }

  /** Returns the value of some bits, exactly. */
  public double value(int bits) {
    int exponent = (bits >> mantissaBits) & ((1 << exponentBits) - 1);
    int mantissa = bits & ((1 << mantissaBits) - 1);
    double sign = ((bits >> (exponentBits + mantissaBits)) & 1) == 0 ? 1 : -1;
    if (exponent == (1 << exponentBits) - 1) {
      return mantissa == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
    }
    // Subnormal numbers lack the leading one and share the smallest exponent.
    int whole = exponent == 0 ? mantissa : mantissa | (1 << mantissaBits);
    return sign * Math.scalb((double) whole, Math.max(1, exponent) - bias() - mantissaBits);
  }

  /**
   * Returns the bits of the nearest value, ties to even; what lies beyond the largest finite value
   * by half a step or more is infinite. NaN is the quiet NaN with a clear sign.
   */
  public int bits(double value) {
    int special = ((1 << exponentBits) - 1) << mantissaBits;
    if (Double.isNaN(value)) {
      return special | (1 << (mantissaBits - 1));
    }
    int sign = Double.doubleToRawLongBits(value) < 0 ? 1 << (exponentBits + mantissaBits) : 0;
    double magnitude = Math.abs(value);
    if (magnitude == 0 || Double.isInfinite(magnitude)) {
      return magnitude == 0 ? sign : sign | special;
    }
    int exponent = Math.max(Math.getExponent(magnitude), 1 - bias());
    // Multiplying by a power of two is exact; rint rounds half to even. The quotient is below
    // 2^(mantissaBits + 1), or rounds up to it, which carries into the exponent by addition.
    long steps = (long) Math.rint(Math.scalb(magnitude, mantissaBits - exponent));
    long bits = ((long) (exponent + bias() - 1) << mantissaBits) + steps;
    return sign | (int) Math.min(bits, special);
  }

  private int bias() {
    return (1 << (exponentBits - 1)) - 1;
  }
}
