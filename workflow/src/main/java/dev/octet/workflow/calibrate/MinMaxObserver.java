package dev.octet.workflow.calibrate;

import dev.octet.api.observer.ChannelLayout;
import dev.octet.api.observer.ChannelStatistics;
import dev.octet.api.observer.Extremes;
import dev.octet.api.observer.ValueObserver;
import java.util.Arrays;
import java.util.List;

/** Keeps the smallest and the largest value of each channel. */
final class MinMaxObserver implements ValueObserver {

  private Extremes[] channels = new Extremes[0];

  @Override
  public void observe(float[] data, int from, int count, ChannelLayout layout) {
    ChannelRuns.require(count, layout);
    if (channels.length == 0) {
      channels = new Extremes[layout.channels()];
      Arrays.fill(channels, Extremes.NONE);
    }
    ChannelRuns.requireSame(channels.length, layout.channels());
    for (int c = 0; c < channels.length; c++) {
      channels[c] = channels[c].plus(Extremes.of(data, from, layout, c));
    }
  }

  @Override
  public List<ChannelStatistics> statistics() {
    return List.of(channels);
  }
}
