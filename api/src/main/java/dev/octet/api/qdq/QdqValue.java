package dev.octet.api.qdq;

import dev.octet.api.graph.DataType;
import dev.octet.api.stability.Incubating;
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

  /**
   * Returns what the function of this value's kind makes of it: the way to tell kinds apart, so
   * that a new kind stops whatever does not know it from compiling.
   */
  <T> T match(Cases<T> cases);

  /**
   * One function for each kind of value.
   *
   * @param <T> what the functions return
   * @param constant for scales and zero points that are constants
   * @param dynamic for those that are computed while the model runs
   */
  record Cases<T>(
      Function<? super QuantizedValue, ? extends T> constant,
      Function<? super DynamicValue, ? extends T> dynamic) {

    /** Takes a function for every kind; a later version with one more kind takes one more. */
    @Incubating
    public Cases {}

    /**
     * Returns one function for every kind, also for those of later versions. What follows it gives
     * kinds functions of their own, so that code outside of Octet is not broken by a new kind.
     */
    public static <T> Cases<T> otherwise(Function<? super QdqValue, ? extends T> other) {
      return new Cases<>(other, other);
    }

    /** Returns these functions with this one for scales and zero points that are constants. */
    public Cases<T> constant(Function<? super QuantizedValue, ? extends T> function) {
      return new Cases<>(function, dynamic);
    }

    /** Returns these functions with this one for those that are computed while the model runs. */
    public Cases<T> dynamic(Function<? super DynamicValue, ? extends T> function) {
      return new Cases<>(constant, function);
    }
  }
}
