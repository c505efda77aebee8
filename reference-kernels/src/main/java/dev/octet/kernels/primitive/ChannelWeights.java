package dev.octet.kernels.primitive;

import dev.octet.api.graph.DataType;

/**
 * The weights of a convolution as they are stored, [M, K]: {@code w - z} of an output channel is
 * widened when it is needed. Immutable and thread-safe.
 */
public final class ChannelWeights {

  private final DataType type;
  private final byte[] array;
  private final int depth;
  private final int[] zeroPoints;
  private final long[] magnitudes;

  /**
   * Takes weights.
   *
   * @param type their type, of at most 8 bits
   * @param array the weights, output channel outermost; not copied
   * @param channels number of output channels
   * @param depth number of products in a sum
   * @param zeroPoints one zero point, or one for each output channel; not copied
   */
  public ChannelWeights(DataType type, byte[] array, int channels, int depth, int[] zeroPoints) {
    this.type = type;
    this.array = array;
    this.depth = depth;
    this.zeroPoints = zeroPoints;
    this.magnitudes = new long[channels];
    float[] row = new float[depth];
    for (int channel = 0; channel < channels; channel++) {
      widen(channel, row);
      for (float weight : row) {
        magnitudes[channel] += (int) Math.abs(weight);
      }
    }
  }

  /** Writes {@code w - z} of an output channel, in the order of its sum, from index 0. */
  void widen(int channel, float[] into) {
    int zeroPoint = zeroPoints[zeroPoints.length == 1 ? 0 : channel];
    Widening.widen(type, array, channel * depth, depth, zeroPoint, into, 0);
  }

  /** Returns {@code sum |w - z|} of an output channel. */
  long magnitude(int channel) {
    return magnitudes[channel];
  }

  /**
   * Returns the largest magnitude that a sum over 8-bit inputs can have: {@code max over m of 255 *
   * sum |w[m] - z[m]| + |bias[m]|}.
   *
   * @param bias one number for each output channel, or none
   */
  public long largestSum(int[] bias) {
    long largest = 0;
    for (int m = 0; m < magnitudes.length; m++) {
      long start = bias.length == 0 ? 0 : Math.abs((long) bias[m]);
      largest = Math.max(largest, 255 * magnitudes[m] + start);
    }
    return largest;
  }
}
