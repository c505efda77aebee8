package dev.octet.api.observer;

import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Scheme;
import dev.octet.api.tree.Tree;

/**
 * One kind of observer: how its statistics are collected, kept and read again, and which range they
 * give. Stateless and thread-safe; the same arguments give the same results on every machine.
 *
 * <p>Errors: where a method throws something else than it says, or its results contradict each
 * other, calibration and conversion stop with {@code OCT-CAL-017}, which names the observer and the
 * backend that brought it. A {@link dev.octet.api.error.OctetException} passes as it is.
 */
public interface ObserverKind {

  /** Returns the name, the documentation and the parameters; the same at every call. */
  ObserverDescriptor descriptor();

  /**
   * Returns the canonical form of a parameter's value, so that equal values have equal texts. Only
   * called for parameters of the descriptor; a kind without parameters has no need of it.
   *
   * @param parameter the name of one of the descriptor's parameters
   * @param value the text as a spec gives it
   * @throws IllegalArgumentException if the value is none; the message says what is allowed, as in
   *     {@code a number above 0 and at most 100}
   */
  default String canonical(String parameter, String value) {
    throw new UnsupportedOperationException(
        "the values of parameter '" + parameter + "' have no canonical form");
  }

  /**
   * Returns a new observer, which saw nothing.
   *
   * @param spec a spec of this kind in canonical form, with every parameter
   */
  ValueObserver create(ObserverSpec spec);

  /**
   * Returns statistics that a calibration file keeps, such that they equal those that were written.
   *
   * <p>The default returns the extremes, for kinds whose statistics are {@link Extremes}.
   *
   * @param spec a spec of this kind in canonical form, with every parameter
   * @param extremes what {@link ChannelStatistics#extremes} returned
   * @param state what {@link ChannelStatistics#state} returned; its positions name the file
   * @throws IllegalArgumentException or {@link dev.octet.api.error.OctetException} if the state is
   *     not of this kind; reading the file then stops with {@code OCT-CAL-019}
   */
  default ChannelStatistics restore(ObserverSpec spec, Extremes extremes, Tree.Mapping state) {
    state.allowOnly();
    return extremes;
  }

  /**
   * Returns the range that a channel is quantized for. Whether it holds zero is left to the rule
   * that computes scale and zero point, which widens it.
   *
   * @param spec a spec of this kind in canonical form, with every parameter
   * @param statistics what such an observer kept, with at least one finite value
   * @param type the integers that the range is mapped to
   * @param scheme how it is mapped
   */
  Range range(ObserverSpec spec, ChannelStatistics statistics, QuantizedType type, Scheme scheme);
}
