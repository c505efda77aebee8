package dev.octet.workflow.calibrate;

import dev.octet.api.error.OctetException;
import dev.octet.api.observer.Range;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizedType;
import dev.octet.kernels.quantize.ParameterRule;
import java.util.Optional;

/**
 * What an observer makes of its statistics of one channel.
 *
 * @param range the values that the channel is quantized for
 * @param given scale and zero point, where the observer gives them itself
 * @param rule what makes scale and zero point of a range
 */
public record ChosenRange(Range range, Optional<QuantizationParameters> given, ParameterRule rule) {

  /** Returns a range of which the rule makes scale and zero point. */
  public static ChosenRange of(Range range, ParameterRule rule) {
    return new ChosenRange(range, Optional.empty(), rule);
  }

  /** Returns parameters that an observer gives itself, for all values that they can represent. */
  static ChosenRange of(QuantizationParameters given, ParameterRule rule) {
    QuantizedType type = rule.type();
    float low = ((float) type.min() - given.realZeroPoint(0)) * given.scale(0);
    float high = ((float) type.max() - given.realZeroPoint(0)) * given.scale(0);
    float min = Math.max(low, -Float.MAX_VALUE);
    float max = Math.min(high, Float.MAX_VALUE);
    Range range = new Range(min, max);
    return new ChosenRange(range, Optional.of(given), rule);
  }

  /** Tells whether there are scale and zero point. */
  boolean hasParameters() {
    return given.isPresent() || rule.hasScale(range.min(), range.max());
  }

  /**
   * Returns one scale and zero point.
   *
   * @throws OctetException as {@link ParameterRule#choose}
   */
  public QuantizationParameters parameters() {
    return given.orElseGet(() -> rule.choose(range.min(), range.max()));
  }
}
