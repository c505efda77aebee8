package dev.octet.workflow.source;

import dev.octet.api.graph.Tensor;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.kernels.array.TensorArray;

/**
 * The floats that integers tell, in far fewer bytes than these take: {@code (q - zero point) *
 * scale}, plus the float zero point of the group where there are some.
 *
 * @param integers the integers of a constant, packed
 * @param grid where they and their scales stand
 * @param parameters the scales and zero points
 * @param floatZeros as many float zero points; empty where there are none
 */
@SuppressWarnings("ArrayRecordComponent") // Internal: never compared, read only.
record ToldWeight(
    Tensor integers, WeightGrid grid, QuantizationParameters parameters, float[] floatZeros) {

  /** Returns the constant that the integers tell. */
  Tensor floats() {
    byte[] all = (byte[]) TensorArray.of(integers).array();
    float[] told = new float[all.length];
    for (int row = 0; row < grid.rows(); row++) {
      for (int column = 0; column < grid.columns(); column++) {
        int element = grid.element(row, column);
        int pair = grid.scale(row, column / grid.group());
        long integer = all[element] - parameters.zeroPoint(pair);
        told[element] = told(integer, parameters.scale(pair), floatZeros, pair);
      }
    }
    return Tensor.of(told, integers.sizes());
  }

  /**
   * Returns what one integer tells.
   *
   * @param integer the integer less its zero point
   * @param pair the index of its float zero point, if there are some
   */
  static float told(long integer, float scale, float[] floatZeros, int pair) {
    float told = integer * scale;
    return floatZeros.length == 0 ? told : told + floatZeros[pair];
  }

  @Override
  public String toString() {
    return "floats told by " + integers;
  }
}
