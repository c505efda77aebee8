package dev.octet.workflow.calibrate;

import dev.octet.api.observer.ChannelStatistics;
import dev.octet.api.observer.ObserverDescriptor;
import dev.octet.api.observer.ObserverKind;
import dev.octet.api.observer.Range;
import dev.octet.api.observer.ValueObserver;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Scheme;
import java.util.List;

/** The {@code min-max} observer: the observed range as it is. */
final class MinMaxKind implements ObserverKind {

  @Override
  public ObserverDescriptor descriptor() {
    return new ObserverDescriptor(
        "min-max",
        "Keeps the smallest and the largest finite value; the range is between them.",
        false,
        List.of());
  }

  @Override
  public String canonical(String parameter, String value) {
    throw new IllegalArgumentException("min-max has no parameters");
  }

  @Override
  public ValueObserver create(ObserverSpec spec) {
    return new MinMaxObserver();
  }

  @Override
  public Range range(
      ObserverSpec spec, ChannelStatistics statistics, QuantizedType type, Scheme scheme) {
    return new Range(statistics.min(), statistics.max());
  }
}
