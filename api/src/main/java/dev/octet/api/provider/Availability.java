package dev.octet.api.provider;

import dev.octet.api.stability.Incubating;
import dev.octet.api.text.Words;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** Whether a backend's runtime can work on this machine. */
public sealed interface Availability {

  /**
   * Returns what the function of this availability's kind makes of it: the way to tell kinds apart,
   * so that a new kind stops whatever does not know it from compiling.
   */
  <T> T match(Cases<T> cases);

  /** Returns what stands in the way; empty when the runtime can work. */
  Optional<Unavailable> obstacle();

  /**
   * One function for each kind of availability.
   *
   * @param <T> what the functions return
   * @param available for a runtime that can work
   * @param unavailable for one that cannot
   */
  record Cases<T>(
      Function<? super Available, ? extends T> available,
      Function<? super Unavailable, ? extends T> unavailable) {

    /** Takes a function for every kind; a later version with one more kind takes one more. */
    @Incubating
    public Cases {}

    /**
     * Returns one function for every kind, also for those of later versions. What follows it gives
     * kinds functions of their own, so that code outside of Octet is not broken by a new kind.
     */
    public static <T> Cases<T> otherwise(Function<? super Availability, ? extends T> other) {
      return new Cases<>(other, other);
    }

    /** Returns these functions with this one for a runtime that can work. */
    public Cases<T> available(Function<? super Available, ? extends T> function) {
      return new Cases<>(function, unavailable);
    }

    /** Returns these functions with this one for one that cannot. */
    public Cases<T> unavailable(Function<? super Unavailable, ? extends T> function) {
      return new Cases<>(available, function);
    }
  }

  /** It can. */
  record Available() implements Availability {
    @Override
    public <T> T match(Cases<T> cases) {
      return cases.available().apply(this);
    }

    @Override
    public Optional<Unavailable> obstacle() {
      return Optional.empty();
    }
  }

  /**
   * It cannot.
   *
   * @param reason why not
   * @param nextStep what to do about it
   */
  record Unavailable(String reason, String nextStep) implements Availability {
    /** Checks that no component is null. */
    public Unavailable {
      Words.require(reason, "the reason why a runtime does not work");
      Objects.requireNonNull(nextStep, "nextStep");
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.unavailable().apply(this);
    }

    @Override
    public Optional<Unavailable> obstacle() {
      return Optional.of(this);
    }
  }
}
