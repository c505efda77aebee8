package dev.octet.tck.check;

import dev.octet.tck.subject.Subject;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * What tests one rule.
 *
 * @param rule the id of the rule
 * @param cases composes its cases for a backend; at least one where the rule concerns the backend
 */
public record RuleCheck(String rule, Function<Subject, List<TckCase>> cases) {

  /** Checks that nothing is null. */
  public RuleCheck {
    Objects.requireNonNull(rule, "rule");
    Objects.requireNonNull(cases, "cases");
  }
}
