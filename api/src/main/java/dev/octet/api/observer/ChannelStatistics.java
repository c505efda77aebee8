package dev.octet.api.observer;

import dev.octet.api.tree.Tree;
import java.util.Map;

/**
 * What an observer keeps of one channel. Immutable and thread-safe; {@code equals} compares
 * contents, as records do.
 *
 * <p>Statistics that do not depend on the order of the values are {@link MergeableStatistics}. A
 * kind that is declared order-dependent has statistics that are not.
 *
 * <p>A record with a component {@code Extremes extremes} and those of its own implements everything
 * but {@link #state}.
 */
public interface ChannelStatistics {

  /**
   * Returns the smallest and the largest value that was seen, and how many there were. Reports show
   * them, whatever the range is.
   */
  Extremes extremes();

  /**
   * Returns what a calibration file keeps of these statistics beside {@link #extremes}; empty when
   * that is nothing. {@link ObserverKind#restore} reads it again.
   *
   * <p>A function of the statistics alone: equal statistics have equal states, with names in the
   * same order. Numbers are exact decimals: finite, and zero has no sign; nested at most 100 deep.
   * Its form is versioned by the name of the kind: whoever changes what a state means gives the
   * kind another name, so that an older file is refused and not misread.
   */
  default Tree.Mapping state() {
    return Tree.of(Map.of());
  }

  /** Returns the smallest finite value; plus infinity when there was none. */
  default float min() {
    return extremes().min();
  }

  /** Returns the largest finite value; minus infinity when there was none. */
  default float max() {
    return extremes().max();
  }

  /** Returns the number of finite values. */
  default long finite() {
    return extremes().finite();
  }

  /** Returns the number of NaN. */
  default long nan() {
    return extremes().nan();
  }

  /** Returns the number of infinities of either sign. */
  default long infinite() {
    return extremes().infinite();
  }

  /**
   * Returns the number of all values.
   *
   * @throws ArithmeticException if it leaves 64 bits
   */
  default long count() {
    return Math.addExact(Math.addExact(finite(), nan()), infinite());
  }
}
