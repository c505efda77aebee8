package dev.octet.api.runtime;

import java.util.Objects;
import java.util.function.Function;

/** How near a runtime's integers are to the arithmetic that it declares. Incubating. */
public sealed interface Exactness {

  /**
   * Returns what the function of this kind makes of it: the way to tell kinds apart.
   *
   * @param exact for equal integers
   * @param bounded for integers that may differ
   * @param unsupported for what is not run on integers
   */
  <T> T match(
      Function<? super Exact, ? extends T> exact,
      Function<? super Bounded, ? extends T> bounded,
      Function<? super Unsupported, ? extends T> unsupported);

  /** Every integer is equal. */
  record Exact() implements Exactness {
    @Override
    public <T> T match(
        Function<? super Exact, ? extends T> exact,
        Function<? super Bounded, ? extends T> bounded,
        Function<? super Unsupported, ? extends T> unsupported) {
      return exact.apply(this);
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
    public <T> T match(
        Function<? super Exact, ? extends T> exact,
        Function<? super Bounded, ? extends T> bounded,
        Function<? super Unsupported, ? extends T> unsupported) {
      return bounded.apply(this);
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
      Objects.requireNonNull(reason, "reason");
    }

    @Override
    public <T> T match(
        Function<? super Exact, ? extends T> exact,
        Function<? super Bounded, ? extends T> bounded,
        Function<? super Unsupported, ? extends T> unsupported) {
      return unsupported.apply(this);
    }
  }
}
