package dev.octet.annotation.policy;

import java.util.Objects;
import java.util.Optional;

/**
 * One rule of a policy.
 *
 * @param selector which nodes
 * @param action what is done with them
 * @param source where the rule was written, such as {@code recipe.yaml, line 4}; empty when it was
 *     made in code
 */
public record PolicyRule(Selector selector, PolicyAction action, Optional<String> source) {

  /** Checks that no component is null. */
  public PolicyRule {
    Objects.requireNonNull(selector, "selector");
    Objects.requireNonNull(action, "action");
    Objects.requireNonNull(source, "source");
  }

  /** Returns a rule that was made in code. */
  public static PolicyRule of(Selector selector, PolicyAction action) {
    return new PolicyRule(selector, action, Optional.empty());
  }

  /**
   * Returns the selector in words, with the source where there is one, such as {@code node 'stem/*'
   * (recipe.yaml, line 4)}.
   */
  public String words() {
    return selector.words() + source.map(s -> " (" + s + ")").orElse("");
  }
}
