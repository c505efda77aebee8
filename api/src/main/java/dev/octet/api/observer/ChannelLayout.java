package dev.octet.api.observer;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Shape;
import dev.octet.api.spec.Granularity;
import java.util.Arrays;

/**
 * Which channel each element of a dense row-major array belongs to: element {@code (o, c, i)}
 * stands at {@code (o * channels + c) * inner + i} and belongs to channel {@code c}.
 *
 * @param outer number of blocks, at least 0
 * @param channels number of channels, at least 0
 * @param inner number of neighbouring elements of one channel, at least 0
 */
public record ChannelLayout(int outer, int channels, int inner) {

  /** Checks that nothing is negative. */
  public ChannelLayout {
    if (outer < 0 || channels < 0 || inner < 0) {
      throw new IllegalArgumentException(outer + " x " + channels + " x " + inner);
    }
  }

  /** Returns the layout of elements that all belong to one channel. */
  public static ChannelLayout perTensor(int count) {
    return new ChannelLayout(1, 1, count);
  }

  /**
   * Returns the layout of a tensor.
   *
   * @param granularity per tensor, or per channel with an axis inside the rank
   * @param sizes the tensor's sizes, whose product is below 2^31
   * @throws OctetException {@code OCT-CAL-005} if the granularity is another one or the axis is not
   *     inside the rank
   */
  public static ChannelLayout of(Granularity granularity, long... sizes) {
    return granularity.match(
        new Granularity.Cases<>(
            whole -> perTensor(product(sizes, 0, sizes.length)),
            channel -> perChannel(channel, sizes),
            group -> refused(group, sizes),
            block -> refused(block, sizes),
            token -> refused(token, sizes)));
  }

  private static ChannelLayout perChannel(Granularity.PerChannel channel, long[] sizes) {
    int axis = channel.axis();
    return axis >= sizes.length
        ? refused(channel, sizes)
        : new ChannelLayout(
            product(sizes, 0, axis),
            Math.toIntExact(sizes[axis]),
            product(sizes, axis + 1, sizes.length));
  }

  /**
   * Returns {@code OCT-CAL-005}, that something cannot be calibrated with a granularity.
   *
   * @param what the tensor or value, as the subject of a sentence
   * @param granularity the granularity that was asked for
   */
  public static OctetException refused(String what, Granularity granularity) {
    return LayoutErrors.UNFIT_GRANULARITY
        .error(what + " cannot be calibrated with granularity " + granularity)
        .build();
  }

  private static ChannelLayout refused(Granularity granularity, long[] sizes) {
    throw refused("A tensor of sizes " + Arrays.toString(sizes), granularity);
  }

  /**
   * Returns where the neighbouring elements of a channel start in a block, counted from the first
   * element: element {@code (block, channel, 0)}.
   *
   * @param block the block, from 0
   * @param channel the channel, from 0
   */
  public int start(int block, int channel) {
    return (block * channels + channel) * inner;
  }

  /** Returns the number of elements. */
  public int count() {
    return Math.multiplyExact(Math.multiplyExact(outer, channels), inner);
  }

  private static int product(long[] sizes, int from, int to) {
    return Math.toIntExact(Shape.count(Arrays.copyOfRange(sizes, from, to)));
  }
}
