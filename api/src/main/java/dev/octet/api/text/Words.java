package dev.octet.api.text;

import java.util.Objects;

/** Texts that somebody is to read: a reason, a name of a rule, a description. */
public final class Words {

  private Words() {}

  /**
   * Returns a text that says something.
   *
   * @param what what the text is, for messages
   * @throws NullPointerException if it is null, naming what it is
   * @throws IllegalArgumentException if it is empty or blank
   */
  public static String require(String text, String what) {
    if (Objects.requireNonNull(text, what).isBlank()) {
      throw new IllegalArgumentException(what + " says nothing: '" + text + "'");
    }
    return text;
  }

  /**
   * Returns a name that says something and stands on one line.
   *
   * @throws NullPointerException as {@link #require}
   * @throws IllegalArgumentException as {@link #require}, or if it has a control character
   */
  public static String requireName(String text, String what) {
    if (require(text, what).chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          what + " has a line break or another control character: '" + text.strip() + "'");
    }
    return text;
  }
}
