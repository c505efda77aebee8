package dev.octet.tck.check;

import dev.octet.api.observer.ChannelLayout;
import dev.octet.api.observer.Extremes;
import dev.octet.api.observer.ValueObserver;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The values of one call of an observer. Immutable. */
final class SeenPart {

  /** How far from the start of the array the values stand, as those of a batch may. */
  private static final int FROM = 5;

  /** What stands around the values: it shows in every statistic that counts it. */
  private static final float AROUND = -3e37f;

  private final float[] values;
  private final ChannelLayout layout;

  private SeenPart(float[] values, ChannelLayout layout) {
    this.values = values;
    this.layout = layout;
  }

  /** Gives an element of a part. */
  @FunctionalInterface
  interface Element {
    /**
     * Returns its value.
     *
     * @param channel the channel, from 0
     * @param index how many of the channel stand before it
     */
    float at(int channel, int index);
  }

  static SeenPart of(ChannelLayout layout, Element element) {
    float[] values = new float[layout.count()];
    for (int o = 0; o < layout.outer(); o++) {
      for (int c = 0; c < layout.channels(); c++) {
        for (int i = 0; i < layout.inner(); i++) {
          values[layout.start(o, c) + i] = element.at(c, o * layout.inner() + i);
        }
      }
    }
    return new SeenPart(values, layout);
  }

  /** Returns the values of several parts as those of one call, each channel in the same order. */
  static SeenPart joined(List<SeenPart> parts) {
    int channels = parts.get(0).layout.channels();
    int each = parts.stream().mapToInt(SeenPart::perChannel).sum();
    float[][] byChannel = new float[channels][each];
    for (int c = 0; c < channels; c++) {
      int filled = 0;
      for (SeenPart part : parts) {
        for (int i = 0; i < part.perChannel(); i++) {
          byChannel[c][filled++] = part.at(c, i);
        }
      }
    }
    return of(new ChannelLayout(1, channels, each), (c, i) -> byChannel[c][i]);
  }

  /** Returns the same values, of each channel the last first. */
  SeenPart reversed() {
    return of(layout, (c, i) -> at(c, perChannel() - 1 - i));
  }

  /** Returns the same values, one of each channel in every part. */
  List<SeenPart> oneByOne() {
    List<SeenPart> parts = new ArrayList<>();
    for (int i = 0; i < perChannel(); i++) {
      int index = i;
      parts.add(of(new ChannelLayout(1, layout.channels(), 1), (c, first) -> at(c, index)));
    }
    return parts;
  }

  private int perChannel() {
    return layout.outer() * layout.inner();
  }

  private float at(int channel, int index) {
    int block = index / Math.max(1, layout.inner());
    return values[layout.start(block, channel) + index % Math.max(1, layout.inner())];
  }

  /** Returns the number of values. */
  long count() {
    return values.length;
  }

  /** Returns what a right observer counts of a channel. */
  Extremes extremes(int channel) {
    return Extremes.of(values, 0, layout, channel);
  }

  /**
   * Shows the values to an observer in an array that is used again afterwards.
   *
   * @throws Violation if the observer changes the array
   */
  void showTo(ValueObserver observer) {
    float[] array = new float[values.length + 2 * FROM];
    Arrays.fill(array, AROUND);
    System.arraycopy(values, 0, array, FROM, values.length);
    observer.observe(array, FROM, values.length, layout);
    boolean changed =
        IntStream.range(0, array.length)
            .anyMatch(
                i ->
                    Float.floatToRawIntBits(array[i])
                        != Float.floatToRawIntBits(
                            i < FROM || i >= FROM + values.length ? AROUND : values[i - FROM]));
    if (changed) {
      throw Violation.of("observe changes the array that it is given, which is used again");
    }
    Arrays.fill(array, AROUND);
  }
}
