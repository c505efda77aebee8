package dev.octet.kernels.primitive;

import java.util.stream.IntStream;

/**
 * The weights of a convolution as they are stored, [M, K]: {@code w - z} of an output channel is
 * widened when it is needed. Immutable and thread-safe.
 */
public final class ChannelWeights {

  private final StoredIntegers stored;
  private final int depth;
  private final int[] zeroPoints;
  private final long[] magnitudes;

  /**
   * Takes weights.
   *
   * @param stored the weights, output channel outermost
   * @param channels number of output channels
   * @param depth number of products in a sum
   * @param zeroPoints one zero point, or one for each output channel; not copied
   */
  public ChannelWeights(StoredIntegers stored, int channels, int depth, int[] zeroPoints) {
    this.stored = stored;
    this.depth = depth;
    this.zeroPoints = zeroPoints;
    this.magnitudes = new long[channels];
    byte[] buffer = new byte[depth];
    float[] row = new float[depth];
    int[] places = IntStream.range(0, depth).toArray();
    for (int channel = 0; channel < channels; channel++) {
      widen(channel, buffer, places, row);
      for (float weight : row) {
        magnitudes[channel] += (int) Math.abs(weight);
      }
    }
  }

  /**
   * Writes {@code w - z} of an output channel.
   *
   * @param buffer at least as many bytes as a sum has products, overwritten
   * @param places for each weight in the order in which they are stored, its index in {@code into}
   */
  void widen(int channel, byte[] buffer, int[] places, float[] into) {
    stored.widen(channel * depth, zeroPoint(channel), buffer, places, into);
  }

  /**
   * Writes {@code w - z} of two neighbouring output channels, or of one and 0, as {@link
   * PairChains#of} does.
   *
   * @param count 1 or 2
   * @param buffer at least twice as many bytes as a sum has products, overwritten
   * @param places as in {@link #widen}
   */
  void widenPair(int channel, int count, byte[] buffer, int[] places, double[] into) {
    stored.read(channel * depth, count * depth, buffer);
    int mask = stored.type().isSignedInteger() ? -1 : 0xFF;
    int low = zeroPoint(channel);
    int high = zeroPoint(channel + count - 1);
    for (int i = 0; i < depth; i++) {
      int second = count == 1 ? 0 : (buffer[depth + i] & mask) - high;
      into[places[i]] = PairChains.of((buffer[i] & mask) - low, second);
    }
  }

  private int zeroPoint(int channel) {
    return zeroPoints[zeroPoints.length == 1 ? 0 : channel];
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
