package dev.octet.tck.run;

import java.util.Objects;

/**
 * How far a run is: where a process begins that goes on behind another.
 *
 * @param preset the index of the set of options
 * @param rule the id of the rule; empty for the first
 * @param cases how many of its cases are behind; {@link #WHOLE_RULE} when all of it is
 */
public record Place(int preset, String rule, long cases) {

  /** All cases of a rule, however many it has. */
  static final long WHOLE_RULE = Long.MAX_VALUE;

  /** Where a run begins. */
  public static final Place START = new Place(0, "", 0);

  /** Checks that nothing is null. */
  public Place {
    Objects.requireNonNull(rule, "rule");
  }

  /** Returns the place in one word, for {@link #parse}. */
  @Override
  public String toString() {
    return preset + ":" + rule + ":" + cases;
  }

  /**
   * Returns the place of a word.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Place parse(String word) {
    String[] parts = word.split(":", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("'" + word + "' is no place in a run");
    }
    return new Place(Integer.parseInt(parts[0]), parts[1], Long.parseLong(parts[2]));
  }

  /** Returns the place behind one more case. */
  Place behindCase() {
    return new Place(preset, rule, cases + 1);
  }

  /** Returns the place behind the rule. */
  Place behindRule() {
    return new Place(preset, rule, WHOLE_RULE);
  }

  /** Tells whether a rule is behind; rules come by rising ids. */
  boolean isBehind(int ofPreset, String id) {
    if (ofPreset != preset) {
      return ofPreset < preset;
    }
    return cases == WHOLE_RULE ? id.compareTo(rule) <= 0 : id.compareTo(rule) < 0;
  }

  /** Returns how many cases of a rule are behind. */
  long casesBehind(int ofPreset, String id) {
    return ofPreset == preset && id.equals(rule) ? cases : 0;
  }
}
