package dev.octet.tck.rule;

import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A line of the list of boundary cases: what every run tries, whatever its seed and however few
 * other cases it is asked for.
 *
 * @param name what it is called in reports
 * @param rule the id of the rule that tries it
 * @param cases the names of its cases; {@code *} stands for any letters
 * @param why what goes wrong there
 */
public record BoundaryCase(String name, String rule, String cases, String why) {

  /** Checks that nothing is null. */
  public BoundaryCase {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(rule, "rule");
    Objects.requireNonNull(cases, "cases");
    Objects.requireNonNull(why, "why");
  }

  /** Tells whether a case of a rule is one of it. */
  public boolean has(String ofRule, String caseName) {
    return rule.equals(ofRule) && pattern().matcher(caseName).matches();
  }

  private Pattern pattern() {
    return Pattern.compile(
        Stream.of(cases.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
  }
}
