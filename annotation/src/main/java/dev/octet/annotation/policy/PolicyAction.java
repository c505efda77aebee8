package dev.octet.annotation.policy;

import dev.octet.api.option.Options;
import dev.octet.api.stability.Incubating;
import java.util.Objects;
import java.util.function.Function;

/** What a rule of a policy does with the nodes that it selects. Immutable. */
public sealed interface PolicyAction {

  /**
   * Returns what the function of this action's kind makes of it: the way to tell kinds apart, so
   * that a new kind stops whatever does not know it from compiling.
   */
  <T> T match(Cases<T> cases);

  /** Returns the options that the selected nodes get; none for an action that gives none. */
  Options options();

  /**
   * One function for each kind of action.
   *
   * @param <T> what the functions return
   * @param configure for options
   * @param exclude for nodes that stay float
   */
  record Cases<T>(
      Function<? super Configure, ? extends T> configure,
      Function<? super Exclude, ? extends T> exclude) {

    /** Takes a function for every kind; a later version with one more kind takes one more. */
    @Incubating
    public Cases {}

    /**
     * Returns one function for every kind, also for those of later versions. What follows it gives
     * kinds functions of their own, so that code outside of Octet is not broken by a new kind.
     */
    public static <T> Cases<T> otherwise(Function<? super PolicyAction, ? extends T> other) {
      return new Cases<>(other, other);
    }

    /** Returns these functions with this one for options. */
    public Cases<T> configure(Function<? super Configure, ? extends T> function) {
      return new Cases<>(function, exclude);
    }

    /** Returns these functions with this one for nodes that stay float. */
    public Cases<T> exclude(Function<? super Exclude, ? extends T> function) {
      return new Cases<>(configure, function);
    }
  }

  /**
   * Quantizes the nodes with these options over those from rules of lower rank. A node that such
   * rules excluded is included again, with these options alone.
   *
   * @param options the options by name; may be empty
   */
  record Configure(Options options) implements PolicyAction {
    /** Checks that no component is null. */
    public Configure {
      Objects.requireNonNull(options, "options");
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.configure().apply(this);
    }
  }

  /** Keeps the nodes in float, whatever rules of lower rank say. */
  record Exclude() implements PolicyAction {
    @Override
    public Options options() {
      return Options.none();
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.exclude().apply(this);
    }
  }
}
