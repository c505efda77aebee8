package dev.octet.kernels.floats;

/** The loops of functions of two floats. */
final class BinaryFunctions {

  private BinaryFunctions() {}

  /** {@code x + y}, rounded once. */
  static final FloatBinary ADD =
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
}
