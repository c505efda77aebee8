package dev.octet.workflow.calibrate;

import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Scheme;

/**
 * One kind of observer: how its statistics are collected, and which range they give. Stateless and
 * thread-safe.
 */
public interface ObserverKind {

  /** Returns the name, the documentation and the parameters. */
  ObserverDescriptor descriptor();

  /**
   * Returns the canonical form of a parameter's value, so that equal values have equal texts.
   *
   * @param parameter the name of one of the descriptor's parameters
   * @param value the text as a spec gives it
   * @throws IllegalArgumentException if the value is none; the message says what is allowed
   */
  String canonical(String parameter, String value);

  /**
   * Returns a new observer.
   *
   * @param spec a spec of this kind in canonical form
   */
  Observer create(ObserverSpec spec);

  /**
   * Returns the range that a channel is quantized for, inside the observed one. Whether it holds
   * zero is left to the rule that computes scale and zero point, which widens it.
   *
   * @param spec a spec of this kind in canonical form
   * @param statistics what such an observer kept, with at least one finite value
   * @param type the integers that the range is mapped to
   * @param scheme how it is mapped
   */
  Range range(ObserverSpec spec, ChannelStatistics statistics, QuantizedType type, Scheme scheme);
}
