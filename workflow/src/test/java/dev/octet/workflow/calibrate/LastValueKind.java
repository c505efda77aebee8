package dev.octet.workflow.calibrate;

import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Scheme;
import java.util.List;

/** An observer whose range is the value it saw last, and so depends on the order of samples. */
final class LastValueKind implements ObserverKind {

  @Override
  public ObserverDescriptor descriptor() {
    return new ObserverDescriptor("last-value", "Keeps the last value.", true, List.of());
  }

  @Override
  public String canonical(String parameter, String value) {
    throw new IllegalArgumentException("none");
  }

  @Override
  public Observer create(ObserverSpec spec) {
    return new LastValueObserver();
  }

  @Override
  public Range range(
      ObserverSpec spec, ChannelStatistics statistics, QuantizedType type, Scheme scheme) {
    return new Range(statistics.min(), statistics.max());
  }

  private static final class LastValueObserver implements Observer {
    private long count;
    private float last;

    @Override
    public void observe(float[] data, int from, int added, ChannelLayout layout) {
      count += added;
      last = data[from + added - 1];
    }

    @Override
    public void merge(List<ChannelStatistics> statistics) {
      throw new IllegalArgumentException("the order is lost");
    }

    @Override
    public List<ChannelStatistics> statistics() {
      return count == 0 ? List.of() : List.of(new Extremes(last, last, count, 0, 0));
    }
  }
}
