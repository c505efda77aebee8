package dev.octet.workflow.calibrate;

import java.util.ArrayList;
import java.util.List;

/** Keeps a histogram of each channel. */
final class HistogramObserver implements Observer {

  private final List<HistogramAccumulator> channels = new ArrayList<>();

  @Override
  public void observe(float[] data, int from, int count, ChannelLayout layout) {
    ChannelRuns.require(count, layout);
    prepare(layout.channels());
    for (int c = 0; c < layout.channels(); c++) {
      for (int o = 0; o < layout.outer(); o++) {
        channels.get(c).add(data, ChannelRuns.start(from, layout, o, c), layout.inner());
      }
    }
  }

  @Override
  public void merge(List<ChannelStatistics> statistics) {
    if (statistics.isEmpty()) {
      return;
    }
    prepare(statistics.size());
    for (int c = 0; c < statistics.size(); c++) {
      if (!(statistics.get(c) instanceof Histogram other)) {
        throw new IllegalArgumentException("these are no statistics of a histogram observer");
      }
      channels.get(c).add(other);
    }
  }

  @Override
  public List<ChannelStatistics> statistics() {
    return channels.stream().<ChannelStatistics>map(HistogramAccumulator::toHistogram).toList();
  }

  private void prepare(int count) {
    if (channels.isEmpty()) {
      for (int c = 0; c < count; c++) {
        channels.add(new HistogramAccumulator());
      }
    }
    ChannelRuns.requireSame(channels.size(), count);
  }
}
