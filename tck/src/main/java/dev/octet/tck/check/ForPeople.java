package dev.octet.tck.check;

import java.util.regex.Pattern;

/** Texts that are for people. */
final class ForPeople {

  /** What Object.toString gives, what a null leaves in a text, notes to oneself, and bells. */
  private static final Pattern NOT_FOR_PEOPLE =
      Pattern.compile(
          "[A-Za-z]@[0-9a-f]{4,}|\\bnull\\b|\\{[0-9]*\\}|%[sdn]|\\b(?:TODO|FIXME)\\b"
              + "|[\\p{Cntrl}&&[^\\n\\t]]");

  private ForPeople() {}

  /**
   * Demands that a text says something.
   *
   * @param what whose text it is
   */
  static void require(String text, String what) {
    if (text.isBlank()) {
      throw Violation.of("%s is empty", what);
    }
    if (NOT_FOR_PEOPLE.matcher(text).find()) {
      throw Violation.of("%s is not for people: '%s'", what, text);
    }
  }

  /** Demands that a text is one line that says something; see {@link #require}. */
  static void requireLine(String text, String what) {
    require(text, what);
    if (text.contains("\n") || !text.equals(text.strip())) {
      throw Violation.of(
          "%s is '%s', and one line without blanks at its ends is asked for", what, text);
    }
  }
}
