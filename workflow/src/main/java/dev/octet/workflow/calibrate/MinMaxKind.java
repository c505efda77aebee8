package dev.octet.workflow.calibrate;

import dev.octet.api.observer.ObserverContext;
import dev.octet.api.observer.ObserverDescriptor;
import dev.octet.api.observer.ObserverKind;
import dev.octet.api.observer.ValueObserver;
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
  public ValueObserver create(ObserverContext context) {
    return new MinMaxObserver();
  }
}
