package dev.octet.kernels.floats;

/** The loops of functions of two floats. */
public final class BinaryFunctions {

  private BinaryFunctions() {}

  /** {@code x + y}, rounded once. */
  public static final FloatBinary ADD =
      new FloatBinary() {
        @Override
        public void plain(float[] x, float[] y, float[] z, int from, int to) {
          for (int i = from; i < to; i++) {
            z[i] = x[i] + y[i];
          }
        }

        @Override
        public void row(
            float[] x, int xo, int xs, float[] y, int yo, int ys, float[] z, int zo, int length) {
          for (int i = 0; i < length; i++) {
            z[zo + i] = x[xo + i * xs] + y[yo + i * ys];
          }
        }
      };

  /** {@code x - y}, rounded once. */
  public static final FloatBinary SUB =
      new FloatBinary() {
        @Override
        public void plain(float[] x, float[] y, float[] z, int from, int to) {
          for (int i = from; i < to; i++) {
            z[i] = x[i] - y[i];
          }
        }

        @Override
        public void row(
            float[] x, int xo, int xs, float[] y, int yo, int ys, float[] z, int zo, int length) {
          for (int i = 0; i < length; i++) {
            z[zo + i] = x[xo + i * xs] - y[yo + i * ys];
          }
        }
      };

  /** {@code x * y}, rounded once. */
  public static final FloatBinary MUL =
      new FloatBinary() {
        @Override
        public void plain(float[] x, float[] y, float[] z, int from, int to) {
          for (int i = from; i < to; i++) {
            z[i] = x[i] * y[i];
          }
        }

        @Override
        public void row(
            float[] x, int xo, int xs, float[] y, int yo, int ys, float[] z, int zo, int length) {
          for (int i = 0; i < length; i++) {
            z[zo + i] = x[xo + i * xs] * y[yo + i * ys];
          }
        }
      };

  /** {@code x / y}, rounded once. */
  public static final FloatBinary DIV =
      new FloatBinary() {
        @Override
        public void plain(float[] x, float[] y, float[] z, int from, int to) {
          for (int i = from; i < to; i++) {
            z[i] = x[i] / y[i];
          }
        }

        @Override
        public void row(
            float[] x, int xo, int xs, float[] y, int yo, int ys, float[] z, int zo, int length) {
          for (int i = 0; i < length; i++) {
            z[zo + i] = x[xo + i * xs] / y[yo + i * ys];
          }
        }
      };

  /** The larger one; NaN if one is, and 0.0 before -0.0. */
  public static final FloatBinary MAX =
      new FloatBinary() {
        @Override
        public void plain(float[] x, float[] y, float[] z, int from, int to) {
          for (int i = from; i < to; i++) {
            z[i] = Math.max(x[i], y[i]);
          }
        }

        @Override
        public void row(
            float[] x, int xo, int xs, float[] y, int yo, int ys, float[] z, int zo, int length) {
          for (int i = 0; i < length; i++) {
            z[zo + i] = Math.max(x[xo + i * xs], y[yo + i * ys]);
          }
        }
      };

  /** The smaller one; NaN if one is, and -0.0 before 0.0. */
  public static final FloatBinary MIN =
      new FloatBinary() {
        @Override
        public void plain(float[] x, float[] y, float[] z, int from, int to) {
          for (int i = from; i < to; i++) {
            z[i] = Math.min(x[i], y[i]);
          }
        }

        @Override
        public void row(
            float[] x, int xo, int xs, float[] y, int yo, int ys, float[] z, int zo, int length) {
          for (int i = 0; i < length; i++) {
            z[zo + i] = Math.min(x[xo + i * xs], y[yo + i * ys]);
          }
        }
      };

  /** {@code x^y}, see {@link #power}. */
  public static final FloatBinary POW =
      new FloatBinary() {
        @Override
        public void plain(float[] x, float[] y, float[] z, int from, int to) {
          for (int i = from; i < to; i++) {
            z[i] = power(x[i], y[i]);
          }
        }

        @Override
        public void row(
            float[] x, int xo, int xs, float[] y, int yo, int ys, float[] z, int zo, int length) {
          for (int i = 0; i < length; i++) {
            z[zo + i] = power(x[xo + i * xs], y[yo + i * ys]);
          }
        }
      };

  /** {@code x} where it is not negative, else {@code x * y}. */
  public static final FloatBinary PRELU =
      new FloatBinary() {
        @Override
        public void plain(float[] x, float[] y, float[] z, int from, int to) {
          for (int i = from; i < to; i++) {
            z[i] = prelu(x[i], y[i]);
          }
        }

        @Override
        public void row(
            float[] x, int xo, int xs, float[] y, int yo, int ys, float[] z, int zo, int length) {
          for (int i = 0; i < length; i++) {
            z[zo + i] = prelu(x[xo + i * xs], y[yo + i * ys]);
          }
        }
      };

  /** The remainder of {@code x / y} with the sign of x, exact; NaN for y = 0. */
  public static final FloatBinary FMOD =
      new FloatBinary() {
        @Override
        public void plain(float[] x, float[] y, float[] z, int from, int to) {
          for (int i = from; i < to; i++) {
            z[i] = x[i] % y[i];
          }
        }

        @Override
        public void row(
            float[] x, int xo, int xs, float[] y, int yo, int ys, float[] z, int zo, int length) {
          for (int i = 0; i < length; i++) {
            z[zo + i] = x[xo + i * xs] % y[yo + i * ys];
          }
        }
      };

  /**
   * Returns {@code x^y}, rounded to float32 once: {@code x * x} for y = 2, {@code x * x * x} in
   * double for y = 3, else {@link StrictMath#pow} in double.
   */
  static float power(float x, float y) {
    if (y == 2f) {
      return x * x;
    }
    // The square of a float32 is exact in double.
    return (float) (y == 3f ? (double) x * x * x : StrictMath.pow(x, y));
  }

  private static float prelu(float x, float slope) {
    return x < 0 ? x * slope : x;
  }
}
