package dev.octet.api.qdq;

import dev.octet.api.graph.DataType;
import java.util.function.Function;

/**
 * An integer value with what says which numbers its integers mean: what a DequantizeLinear reads,
 * or a QuantizeLinear gives. An integer q of scale s and zero point z means {@code (q - z) * s}.
 */
public sealed interface QdqValue permits QuantizedValue, DynamicValue {

  /** Returns the name of the integers. */
  String value();

  /** Returns the element type of the integers. */
  DataType type();

  /** Returns the name of the scales. */
  String scaleName();

  /** Returns the name of the zero points; empty when they are left out and so 0. */
  String zeroName();

  /** Returns what the function for this value's kind makes of it. */
  <T> T match(
      Function<? super QuantizedValue, ? extends T> constant,
      Function<? super DynamicValue, ? extends T> dynamic);
}
