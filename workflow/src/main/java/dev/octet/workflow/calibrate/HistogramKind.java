package dev.octet.workflow.calibrate;

import dev.octet.api.observer.ChannelStatistics;
import dev.octet.api.observer.Extremes;
import dev.octet.api.observer.ObserverContext;
import dev.octet.api.observer.ObserverDescriptor;
import dev.octet.api.observer.ObserverKind;
import dev.octet.api.observer.Range;
import dev.octet.api.observer.RangeContext;
import dev.octet.api.observer.ValueObserver;
import dev.octet.api.tree.Tree;
import dev.octet.kernels.quantize.ParameterRule;

/** The observers that search a histogram for the range of least error, and have no parameters. */
final class HistogramKind implements ObserverKind {

  /** Finds a range in a histogram with at least one finite value. */
  interface Search {
    Range search(Histogram histogram, ParameterRule rule);
  }

  private final String name;
  private final String documentation;
  private final Search search;

  HistogramKind(String name, String documentation, Search search) {
    this.name = name;
    this.documentation = documentation;
    this.search = search;
  }

  static Histogram histogram(ChannelStatistics statistics) {
    if (statistics instanceof Histogram histogram) {
      return histogram;
    }
    throw new IllegalArgumentException("these are no statistics of a histogram observer");
  }

  @Override
  public ObserverDescriptor descriptor() {
    return ObserverDescriptor.of(name, documentation);
  }

  @Override
  public String canonical(String parameter, String value) {
    throw new IllegalArgumentException(name + " has no parameters");
  }

  @Override
  public ValueObserver create(ObserverContext context) {
    return new HistogramObserver();
  }

  @Override
  public ChannelStatistics restore(ObserverContext context, Extremes extremes, Tree.Mapping state) {
    return Histogram.of(extremes, state);
  }

  @Override
  public Range range(RangeContext context, ChannelStatistics statistics) {
    return search.search(histogram(statistics), SpecContext.OfRange.rule(context));
  }
}
