package dev.octet.workflow.calibrate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Keeps the smallest and the largest value of each channel. */
final class MinMaxObserver implements Observer {

  private Extremes[] channels = new Extremes[0];

  @Override
  public void observe(float[] data, int from, int count, ChannelLayout layout) {
    ChannelRuns.require(count, layout);
    prepare(layout.channels());
    for (int c = 0; c < channels.length; c++) {
      channels[c] = channels[c].plus(extremes(data, from, layout, c));
    }
  }

  @Override
  public void merge(List<ChannelStatistics> statistics) {
    if (statistics.isEmpty()) {
      return;
    }
    prepare(statistics.size());
    for (int c = 0; c < channels.length; c++) {
      channels[c] = channels[c].plus(statistics.get(c));
    }
  }

  @Override
  public List<ChannelStatistics> statistics() {
    return List.copyOf(new ArrayList<ChannelStatistics>(Arrays.asList(channels)));
  }

  private void prepare(int count) {
    if (channels.length == 0) {
      channels = new Extremes[count];
      Arrays.fill(channels, Extremes.NONE);
    }
    ChannelRuns.requireSame(channels.length, count);
  }

  private static Extremes extremes(float[] data, int from, ChannelLayout layout, int channel) {
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    long nan = 0;
    long infinite = 0;
    for (int o = 0; o < layout.outer(); o++) {
      int start = ChannelRuns.start(from, layout, o, channel);
      for (int i = start; i < start + layout.inner(); i++) {
        float value = data[i];
        if (Float.isFinite(value)) {
          low = value < low ? value : low;
          high = value > high ? value : high;
        } else if (Float.isNaN(value)) {
          nan++;
        } else {
          infinite++;
        }
      }
    }
    long finite = (long) layout.outer() * layout.inner() - nan - infinite;
    return new Extremes(low, high, finite, nan, infinite);
  }
}
