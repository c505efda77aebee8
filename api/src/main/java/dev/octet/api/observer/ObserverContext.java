package dev.octet.api.observer;

import dev.octet.api.spec.ObserverSpec;
import java.util.Objects;

/** What an observer is made for, and what it may use beside. Implemented by Octet, thread-safe. */
public interface ObserverContext {

  /** Returns the observer's spec in canonical form, with every parameter. */
  ObserverSpec spec();

  /**
   * Returns the value of one of the observer's parameters, in canonical form.
   *
   * @throws NullPointerException if its descriptor has none of that name
   */
  default String parameter(String name) {
    return Objects.requireNonNull(spec().parameters().get(name), name);
  }

  /**
   * Returns one of Octet's own observers, for an observer that builds on it.
   *
   * @param spec such as {@code ObserverSpec.percentile(99.9)}; need not be canonical
   * @throws dev.octet.api.error.OctetException {@code OCT-CAL-001} if Octet has none of that name;
   *     {@code OCT-CAL-002} or {@code OCT-CAL-024} if it has no such parameter or value
   */
  StandardObserver standard(ObserverSpec spec);
}
