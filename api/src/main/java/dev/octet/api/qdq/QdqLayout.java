package dev.octet.api.qdq;

import dev.octet.api.stability.Incubating;
import java.util.function.Function;

/**
 * Which elements of a tensor share a scale and a zero point, as far as QuantizeLinear and
 * DequantizeLinear can say it. An axis is the one that the node states; a negative one counts from
 * the innermost, -1, outwards.
 */
public sealed interface QdqLayout {

  /**
   * Returns what the function of this layout's kind makes of it: the way to tell kinds apart, so
   * that a new kind stops whatever does not know it from compiling.
   */
  <T> T match(Cases<T> cases);

  /**
   * One function for each kind of layout.
   *
   * @param <T> what the functions return
   * @param perTensor for one scale for all elements
   * @param perChannel for a scale for each index of an axis
   * @param blocked for runs along an axis
   */
  record Cases<T>(
      Function<? super PerTensor, ? extends T> perTensor,
      Function<? super PerChannel, ? extends T> perChannel,
      Function<? super Blocked, ? extends T> blocked) {

    /** Takes a function for every kind; a later version with one more kind takes one more. */
    @Incubating
    public Cases {}

    /**
     * Returns one function for every kind, also for those of later versions. What follows it gives
     * kinds functions of their own, so that code outside of Octet is not broken by a new kind.
     */
    public static <T> Cases<T> otherwise(Function<? super QdqLayout, ? extends T> other) {
      return new Cases<>(other, other, other);
    }

    /** Returns these functions with this one for one scale for all elements. */
    public Cases<T> perTensor(Function<? super PerTensor, ? extends T> function) {
      return new Cases<>(function, perChannel, blocked);
    }

    /** Returns these functions with this one for a scale for each index of an axis. */
    public Cases<T> perChannel(Function<? super PerChannel, ? extends T> function) {
      return new Cases<>(perTensor, function, blocked);
    }

    /** Returns these functions with this one for runs along an axis. */
    public Cases<T> blocked(Function<? super Blocked, ? extends T> function) {
      return new Cases<>(perTensor, perChannel, function);
    }
  }

  /** All elements share one scale and zero point. */
  record PerTensor() implements QdqLayout {
    @Override
    public <T> T match(Cases<T> cases) {
      return cases.perTensor().apply(this);
    }
  }

  /**
   * Each index of one axis has its own.
   *
   * @param axis the axis
   */
  record PerChannel(long axis) implements QdqLayout {
    @Override
    public <T> T match(Cases<T> cases) {
      return cases.perChannel().apply(this);
    }
  }

  /**
   * Runs of neighbouring elements along one axis share; every index of the other axes has runs of
   * its own. A single run that holds the whole tensor is one, too.
   *
   * @param axis the axis that is cut into runs
   * @param size the length of a run, at least 1; the last one may be shorter
   */
  record Blocked(long axis, long size) implements QdqLayout {
    @Override
    public <T> T match(Cases<T> cases) {
      return cases.blocked().apply(this);
    }
  }
}
