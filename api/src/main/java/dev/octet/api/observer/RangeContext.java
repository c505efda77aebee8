package dev.octet.api.observer;

import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Scheme;

/** What a range is found for. Implemented by Octet, thread-safe. */
public interface RangeContext extends ObserverContext {

  /** Returns the integers that the range is mapped to. */
  QuantizedType type();

  /** Returns how it is mapped. */
  Scheme scheme();

  /**
   * Returns the smallest scale of the scheme's grid that is not below a given one: the given one
   * where the scheme has no grid.
   *
   * @param scale finite and above 0
   * @return plus infinity where the grid has no scale that large
   */
  float gridScale(float scale);

  /**
   * Returns the scale and zero point of a range, by the rule of {@link
   * dev.octet.api.spec.NumericProfile} and on the scheme's grid: one pair.
   *
   * @throws dev.octet.api.error.OctetException {@code OCT-QUANT-001} if the range is wider than the
   *     largest float32; {@code OCT-QUANT-002} if the grid has no scale that is large enough
   */
  QuantizationParameters parameters(Range range);
}
