package dev.octet.workflow.calibrate;

import dev.octet.api.observer.ChannelLayout;
import dev.octet.api.observer.ChannelStatistics;
import dev.octet.api.observer.Extremes;
import dev.octet.api.observer.ObserverContext;
import dev.octet.api.observer.ObserverDescriptor;
import dev.octet.api.observer.ObserverKind;
import dev.octet.api.observer.Range;
import dev.octet.api.observer.RangeContext;
import dev.octet.api.observer.ValueObserver;
import dev.octet.api.tree.Tree;
import java.util.List;

/** An observer whose range is the value it saw last, and so depends on the order of samples. */
final class LastValueKind implements ObserverKind {

  @Override
  public ObserverDescriptor descriptor() {
    return ObserverDescriptor.of("last-value", "Keeps the last value.").dependingOnOrder();
  }

  @Override
  public ValueObserver create(ObserverContext context) {
    return new LastValueObserver();
  }

  @Override
  public Range range(RangeContext context, ChannelStatistics statistics) {
    return new Range(statistics.min(), statistics.max());
  }

  @Override
  public ChannelStatistics restore(ObserverContext context, Extremes extremes, Tree.Mapping state) {
    return new LastValue(extremes);
  }

  private record LastValue(Extremes extremes) implements ChannelStatistics {}

  private static final class LastValueObserver implements ValueObserver {
    private long count;
    private float last;

    @Override
    public void observe(float[] data, int from, int added, ChannelLayout layout) {
      count += added;
      last = data[from + added - 1];
    }

    @Override
    public List<ChannelStatistics> statistics() {
      return count == 0 ? List.of() : List.of(new LastValue(new Extremes(last, last, count, 0, 0)));
    }
  }
}
