package dev.octet.api.quantizer;

import dev.octet.api.option.Options;
import dev.octet.api.stability.Incubating;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/** What the caller's policy says of one node. Immutable. */
public sealed interface Directive {

  /**
   * Returns what the function of this directive's kind makes of it: the way to tell kinds apart, so
   * that a new kind stops whatever does not know it from compiling.
   */
  <T> T match(Cases<T> cases);

  /**
   * One function for each kind of directive.
   *
   * @param <T> what the functions return
   * @param excluded for a node that stays float
   * @param configured for a node with options of its own
   */
  record Cases<T>(
      Function<? super Excluded, ? extends T> excluded,
      Function<? super Configured, ? extends T> configured) {

    /** Takes a function for every kind; a later version with one more kind takes one more. */
    @Incubating
    public Cases {}

    /**
     * Returns one function for every kind, also for those of later versions. What follows it gives
     * kinds functions of their own, so that code outside of Octet is not broken by a new kind.
     */
    public static <T> Cases<T> otherwise(Function<? super Directive, ? extends T> other) {
      return new Cases<>(other, other);
    }

    /** Returns these functions with this one for a node that stays float. */
    public Cases<T> excluded(Function<? super Excluded, ? extends T> function) {
      return new Cases<>(function, configured);
    }

    /** Returns these functions with this one for a node with options of its own. */
    public Cases<T> configured(Function<? super Configured, ? extends T> function) {
      return new Cases<>(excluded, function);
    }
  }

  /**
   * Returns which selector decided, as reports show it, such as {@code module 'layer1.*'
   * (recipe.yaml, line 4)}.
   */
  String decidedBy();

  /** Returns the options of the node: those of the directive, and below them given ones. */
  default Options over(Options given) {
    return match(
        new Cases<>(excluded -> given, configured -> given.overriddenBy(configured.options())));
  }

  /** Returns this directive with no other options than those named. */
  default Directive narrowed(Set<String> names) {
    return match(
        new Cases<>(
            excluded -> excluded,
            configured -> {
              Map<String, List<String>> kept = new LinkedHashMap<>(configured.options().values());
              kept.keySet().retainAll(names);
              return new Configured(new Options(kept), configured.decidedBy());
            }));
  }

  /**
   * The node stays float; it cannot be claimed.
   *
   * @param decidedBy which selector decided
   */
  record Excluded(String decidedBy) implements Directive {
    /** Checks that no component is null. */
    public Excluded {
      Objects.requireNonNull(decidedBy, "decidedBy");
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.excluded().apply(this);
    }
  }

  /**
   * The node is quantized with these options over those that the quantizer was made with.
   *
   * @param options the options for this node alone; may be empty
   * @param decidedBy which selector decided
   */
  record Configured(Options options, String decidedBy) implements Directive {
    /** Checks that no component is null. */
    public Configured {
      Objects.requireNonNull(options, "options");
      Objects.requireNonNull(decidedBy, "decidedBy");
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.configured().apply(this);
    }
  }
}
