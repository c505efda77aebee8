package dev.octet.workflow.calibrate;

import dev.octet.api.observer.ChannelLayout;
import dev.octet.api.observer.ChannelStatistics;
import dev.octet.api.observer.ValueObserver;
import java.util.ArrayList;
import java.util.List;

/** Keeps a histogram of each channel. */
final class HistogramObserver implements ValueObserver {

  private final List<HistogramAccumulator> channels = new ArrayList<>();

  @Override
  public void observe(float[] data, int from, int count, ChannelLayout layout) {
    ChannelRuns.require(count, layout);
    if (channels.isEmpty()) {
      prepare(layout.channels());
    }
    ChannelRuns.requireSame(channels.size(), layout.channels());
    for (int c = 0; c < layout.channels(); c++) {
      for (int o = 0; o < layout.outer(); o++) {
        channels.get(c).add(data, from + layout.start(o, c), layout.inner());
      }
    }
  }

  @Override
  public List<ChannelStatistics> statistics() {
    return channels.stream().<ChannelStatistics>map(HistogramAccumulator::toHistogram).toList();
  }

  private void prepare(int count) {
    for (int c = 0; c < count; c++) {
      channels.add(new HistogramAccumulator());
    }
  }
}
