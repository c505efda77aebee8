package dev.octet.api.observer;

import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.tree.Tree;
import java.util.Optional;

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
   * @param context has the spec
   */
  ValueObserver create(ObserverContext context);

  /**
   * Returns statistics that a calibration file keeps, such that they equal those that were written.
   *
   * <p>The default returns the extremes, for kinds whose statistics are {@link Extremes}.
   *
   * @param context has the spec
   * @param extremes what {@link ChannelStatistics#extremes} returned
   * @param state what {@link ChannelStatistics#state} returned; its positions name the file
   * @throws IllegalArgumentException or {@link dev.octet.api.error.OctetException} if the state is
   *     not of this kind; reading the file then stops with {@code OCT-CAL-019}
   */
  default ChannelStatistics restore(
      ObserverContext context, Extremes extremes, Tree.Mapping state) {
    state.allowOnly();
    return extremes;
  }

  /**
   * Returns the range that a channel is quantized for. Whether it holds zero is left to the rule
   * that computes scale and zero point, which widens it. The default returns what is between the
   * extremes.
   *
   * @param context has the spec, and the type and scheme that the range is for
   * @param statistics what such an observer kept, with at least one finite value
   */
  default Range range(RangeContext context, ChannelStatistics statistics) {
    return new Range(statistics.min(), statistics.max());
  }

  /**
   * Returns scale and zero point of a channel, for an observer that finds them in another way than
   * from a range; {@link #range} is not asked then. The default returns empty.
   *
   * @param context has the spec, and the type and scheme that the parameters are for
   * @param statistics what such an observer kept, with at least one finite value
   * @return one pair: a scale on the scheme's grid, and a zero point inside the type, the middle of
   *     it where the scheme is symmetric
   */
  default Optional<QuantizationParameters> parameters(
      RangeContext context, ChannelStatistics statistics) {
    return Optional.empty();
  }
}
