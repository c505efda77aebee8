package dev.octet.api.runtime;

import dev.octet.api.stability.Incubating;
import dev.octet.api.text.Words;
import java.util.function.Function;

/** How near a runtime's integers are to the arithmetic that it declares. */
public sealed interface Exactness {

  /**
   * Returns what the function of this exactness's kind makes of it: the way to tell kinds apart, so
   * that a new kind stops whatever does not know it from compiling.
   */
  <T> T match(Cases<T> cases);

  /**
   * One function for each kind of exactness.
   *
   * @param <T> what the functions return
   * @param exact for equal integers
   * @param bounded for integers that may differ
   * @param unsupported for what is not run on integers
   */
  record Cases<T>(
      Function<? super Exact, ? extends T> exact,
      Function<? super Bounded, ? extends T> bounded,
      Function<? super Unsupported, ? extends T> unsupported) {

    /** Takes a function for every kind; a later version with one more kind takes one more. */
    @Incubating
    public Cases {}

    /**
     * Returns one function for every kind, also for those of later versions. What follows it gives
     * kinds functions of their own, so that code outside of Octet is not broken by a new kind.
     */
    public static <T> Cases<T> otherwise(Function<? super Exactness, ? extends T> other) {
      return new Cases<>(other, other, other);
    }

    /** Returns these functions with this one for equal integers. */
    public Cases<T> exact(Function<? super Exact, ? extends T> function) {
      return new Cases<>(function, bounded, unsupported);
    }

    /** Returns these functions with this one for integers that may differ. */
    public Cases<T> bounded(Function<? super Bounded, ? extends T> function) {
      return new Cases<>(exact, function, unsupported);
    }

    /** Returns these functions with this one for what is not run on integers. */
    public Cases<T> unsupported(Function<? super Unsupported, ? extends T> function) {
      return new Cases<>(exact, bounded, function);
    }
  }

  /** Every integer is equal. */
  record Exact() implements Exactness {
    @Override
    public <T> T match(Cases<T> cases) {
      return cases.exact().apply(this);
    }
  }

  /**
   * Integers may differ.
   *
   * @param steps the largest difference, in steps of the output's integer type, at least 1
   */
  record Bounded(int steps) implements Exactness {
    /** Checks the number of steps. */
    public Bounded {
      if (steps < 1) {
        throw new IllegalArgumentException("bound " + steps + " is below 1");
      }
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.bounded().apply(this);
    }
  }

  /**
   * The runtime does not execute it on integers.
   *
   * @param reason why, as the second half of a sentence
   */
  record Unsupported(String reason) implements Exactness {
    /** Checks that there is a reason. */
    public Unsupported {
      Words.require(reason, "the reason why a use is not supported");
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.unsupported().apply(this);
    }
  }
}
