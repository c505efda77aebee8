package dev.octet.workflow.calibrate;

import dev.octet.api.observer.ObserverContext;
import dev.octet.api.observer.ObserverDescriptor;
import dev.octet.api.observer.ObserverKind;
import dev.octet.api.observer.ValueObserver;

/** The {@code min-max} observer: the observed range as it is. */
final class MinMaxKind implements ObserverKind {

  @Override
  public ObserverDescriptor descriptor() {
    return ObserverDescriptor.of(
        "min-max", "Keeps the smallest and the largest finite value; the range is between them.");
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
