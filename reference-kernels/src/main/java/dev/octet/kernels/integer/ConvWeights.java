package dev.octet.kernels.integer;

import dev.octet.api.graph.DataType;

/** Weights of a convolution, less their zero points. */
final class ConvWeights {

  private ConvWeights() {}

  /**
   * Returns the weights as ints.
   *
   * @param type their element type
   * @param array the weights, output channel outermost
   * @param count number of weights
   * @param zeroPoints one zero point, or one for each output channel
   */
  static int[] widen(DataType type, Object array, int count, int[] zeroPoints) {
    int[] weights = new int[count];
    int each = count / zeroPoints.length;
    for (int part = 0; part < zeroPoints.length; part++) {
      IntegerArrays.widen(type, array, part * each, each, zeroPoints[part], weights, part * each);
    }
    return weights;
  }

  /**
   * Returns the largest magnitude that a sum over 8-bit inputs can have: {@code max over m of 255 *
   * sum |w[m]| + |bias[m]|}.
   */
  static long largestSum(int[] weights, int depth, int[] bias) {
    long largest = 0;
    for (int m = 0; m * depth < weights.length; m++) {
      long sum = bias.length == 0 ? 0 : Math.abs((long) bias[m]);
      for (int k = 0; k < depth; k++) {
        sum += 255L * Math.abs(weights[m * depth + k]);
      }
      largest = Math.max(largest, sum);
    }
    return largest;
  }
}
