package dev.octet.tck.rule;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A rule that a backend keeps. Immutable; the list of all is {@link RuleBook}.
 *
 * @param id {@code TCK-<AREA>-<nnn>}; never given to another rule
 * @param title what it is about, in a few words
 * @param level how much it demands
 * @param need what a backend must have for the rule to concern it
 * @param since the version of the API with which it came, {@code MAJOR.MINOR}
 * @param text what is demanded, in the words of RFC 2119
 * @param intent why
 * @param example what keeps or breaks it
 * @param hints what to look at when it is broken; at least one unless it cannot be tested
 * @param untestable why the kit cannot test it; empty when it can
 */
public record Rule(
    String id,
    String title,
    Level level,
    Need need,
    String since,
    String text,
    String intent,
    String example,
    List<String> hints,
    Optional<String> untestable) {

  private static final Pattern ID = Pattern.compile("TCK-([A-Z]{3})-[0-9]{3}");

  /** Checks the id's form and that a rule that can be tested has a hint. */
  public Rule {
    Objects.requireNonNull(level, "level");
    Objects.requireNonNull(need, "need");
    hints = List.copyOf(hints);
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("rule id '" + id + "' is not of the form " + ID.pattern());
    }
    if (hints.isEmpty() && untestable.isEmpty()) {
      throw new IllegalArgumentException(id + " says nothing of what to look at");
    }
  }

  /** Returns the area that the id names. */
  public Area area() {
    Matcher parts = ID.matcher(id);
    if (!parts.matches()) {
      throw new IllegalStateException(id);
    }
    return Area.valueOf(parts.group(1));
  }

  /** Tells whether the kit tests it. */
  public boolean isTestable() {
    return untestable.isEmpty();
  }
}
