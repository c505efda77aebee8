package dev.octet.annotation.policy;

import dev.octet.api.error.OctetException;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression of a user, who may be anybody: looking for a match takes steps without bound
 * where the expression can take a name apart in many ways, and it takes stack for each repetition.
 * Both end in an error. Not thread-safe.
 */
final class ModuleRegexMatch {

  /**
   * The most characters that are looked at for one name, each as often as there are ways that read
   * nothing; a name has some hundred.
   */
  static final int MOST_STEPS = 1_000_000;

  /** The most for all names together, half a second of a processor. */
  static final int MOST_STEPS_OF_ALL = 100_000_000;

  /** Each step may go through all of them. */
  private static final long MOST_EMPTY_WAYS = 128;

  private static final int MOST_SHOWN = 100;

  private final String regex;
  private final Pattern pattern;
  private final int ways;
  private int steps;

  /**
   * Compiles an expression.
   *
   * @throws OctetException as {@link #compiled}
   */
  ModuleRegexMatch(String regex) {
    this.regex = regex;
    this.pattern = compiled(regex);
    this.ways = (int) EmptyWays.of(regex);
  }

  /**
   * Compiles an expression; the pattern bounds nothing.
   *
   * @throws OctetException {@code OCT-POL-004} if it is none, {@code OCT-POL-012} if it can be gone
   *     through in too many ways without a look at a name
   */
  static Pattern compiled(String regex) {
    try {
      Pattern pattern = Pattern.compile(regex);
      if (EmptyWays.of(regex) > MOST_EMPTY_WAYS) {
        throw PolicyErrors.endlessRegex(
            "'" + start(regex) + "' has too many parts that may be empty");
      }
      return pattern;
    } catch (PatternSyntaxException e) {
      throw PolicyErrors.NO_REGEX
          .error("'" + start(regex) + "' is no regular expression: " + e.getDescription())
          .at("character " + (e.getIndex() + 1))
          .cause(e)
          .build();
    }
  }

  /**
   * Tells whether a whole name matches.
   *
   * @throws OctetException {@code OCT-POL-012} if that takes too many steps or too much stack
   */
  boolean matches(String name) {
    Counted counted = new Counted(name, Math.min(MOST_STEPS, MOST_STEPS_OF_ALL - steps) / ways);
    try {
      return pattern.matcher(counted).matches();
    } catch (StackOverflowError | TooManySteps e) {
      throw PolicyErrors.endlessRegex(
          "'" + start(regex) + "' takes too many steps to match '" + start(name) + "'");
    } finally {
      steps += counted.steps * ways;
    }
  }

  private static String start(String text) {
    return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "...";
  }

  /** Says that a match was given up; it never leaves this class. */
  private static final class TooManySteps extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManySteps() {
      super("too many steps", null, false, false);
    }
  }

  /** A text that may be looked at so many times. */
  private static final class Counted implements CharSequence {

    private final String text;
    private final int most;
    private int steps;

    Counted(String text, int most) {
      this.text = text;
      this.most = most;
    }

    @Override
    public char charAt(int index) {
      if (++steps > most) {
        throw new TooManySteps();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
