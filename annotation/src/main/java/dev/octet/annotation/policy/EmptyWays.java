package dev.octet.annotation.policy;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Counts in how many ways a regular expression can be gone through without a look at the text, such
 * as {@code (|)(|)} in four: these take time that no text is asked for, and each part of it doubles
 * them, each repetition of what may be empty multiplies them. The count is a bound from above; that
 * a part in between reads a character lessens nothing, since the ways before it may end there.
 *
 * <p>It reads the syntax of {@link java.util.regex.Pattern}, of an expression that compiles.
 */
final class EmptyWays {

  /** More are not counted. */
  private static final long MANY = 1L << 30;

  /** By how much each repetition of what may be empty multiplies the time of a step; measured. */
  private static final long LOOPS = 5;

  /**
   * A piece of an expression.
   *
   * @param count its ways, at least 1
   * @param readsNothing whether one of them leads through all of it
   * @param reads whether it may read characters
   */
  private record Ways(long count, boolean readsNothing, boolean reads) {

    static final Ways NOTHING = new Ways(1, true, false);
    static final Ways CHARACTER = new Ways(1, false, true);

    /** No alternative yet. */
    static final Ways NONE = new Ways(0, false, false);

    Ways then(Ways next) {
      return new Ways(
          Math.min(count * next.count, MANY),
          readsNothing && next.readsNothing,
          reads || next.reads);
    }

    /** An alternative that begins with a character is no way that reads nothing. */
    Ways or(Ways other) {
      long more = other.equals(CHARACTER) ? 0 : other.count;
      return new Ways(
          Math.min(count + more, MANY), readsNothing || other.readsNothing, reads || other.reads);
    }

    Ways atLeastOne() {
      return new Ways(Math.max(1, count), readsNothing, reads);
    }

    /** A part that may be left out, or a repetition: that ends where it repeats nothing. */
    Ways repeated(boolean mayBeLeftOut) {
      long ways = equals(CHARACTER) ? 1 : Math.min(count + 1, MANY);
      return new Ways(ways, readsNothing || mayBeLeftOut, reads);
    }

    /**
     * What reads something or nothing, as often as one likes, such as {@code (.*)*}: wherever it
     * stopped reading, it is tried once more.
     */
    Ways looped(boolean mayBeLeftOut) {
      return readsNothing && reads
          ? new Ways(Math.min(count * LOOPS, MANY), true, true)
          : repeated(mayBeLeftOut);
    }
  }

  /**
   * Where a group stands.
   *
   * @param others the alternatives before the one that it is in
   * @param before what stands before it in that
   */
  private record Outside(Ways others, Ways before) {}

  private final String regex;
  private final Deque<Outside> around = new ArrayDeque<>();
  private int at;

  /** Whether blanks and comments may mean nothing: then any character may. */
  private boolean comments;

  private Ways others = Ways.NONE;
  private Ways before = Ways.NOTHING;

  /** The last part, to which a quantifier may follow. */
  private Ways last = Ways.NOTHING;

  private EmptyWays(String regex) {
    this.regex = regex;
  }

  /** Counts the ways through a whole expression. */
  static long of(String regex) {
    EmptyWays ways = new EmptyWays(regex);
    while (ways.at < regex.length()) {
      ways.part(regex.charAt(ways.at++));
    }
    while (!ways.around.isEmpty()) {
      ways.leave();
    }
    return ways.alternatives().count();
  }

  private void part(char c) {
    switch (c) {
      case '(' -> enter();
      case ')' -> leave();
      case '|' -> {
        others = others.or(before.then(last));
        begin();
      }
      case '?' -> quantified(last.repeated(true));
      case '*' -> quantified(last.looped(true));
      case '+' -> quantified(last.looped(false));
      case '{' -> {
        quantified(last.looped(regex.startsWith("0", at)));
        skipBehind('}');
      }
      case '[' -> {
        if (!comments) {
          skipClass();
        }
        add(Ways.CHARACTER);
      }
      case '\\' -> escaped();
      case '^', '$' -> add(Ways.NOTHING);
      default -> add(Ways.CHARACTER);
    }
  }

  private void add(Ways part) {
    before = before.then(last);
    last = comments ? Ways.NOTHING : part;
  }

  private void begin() {
    before = Ways.NOTHING;
    last = Ways.NOTHING;
  }

  private Ways alternatives() {
    return others.or(before.then(last)).atLeastOne();
  }

  private void quantified(Ways ways) {
    last = ways;
    if (at < regex.length() && (regex.charAt(at) == '?' || regex.charAt(at) == '+')) {
      at++;
    }
  }

  private void enter() {
    around.push(new Outside(others, before.then(last)));
    others = Ways.NONE;
    begin();
    if (regex.startsWith("?<", at)
        && !regex.startsWith("?<=", at)
        && !regex.startsWith("?<!", at)) {
      skipBehind('>');
    } else if (regex.startsWith("?", at)) {
      at++;
      flags();
    }
  }

  /** Skips what says of which kind a group is. */
  private void flags() {
    while (at < regex.length() && "<=!>".indexOf(regex.charAt(at)) >= 0) {
      at++;
    }
    while (at < regex.length()
        && (Character.isLetter(regex.charAt(at)) || regex.charAt(at) == '-')) {
      comments |= regex.charAt(at++) == 'x';
    }
    if (regex.startsWith(":", at)) {
      at++;
    }
  }

  private void leave() {
    if (around.isEmpty()) {
      add(Ways.CHARACTER); // only a comment can have it
      return;
    }
    Ways inside = alternatives();
    Outside outside = around.pop();
    others = outside.others();
    before = outside.before();
    last = inside;
  }

  private void escaped() {
    char c = at < regex.length() ? regex.charAt(at++) : '\\';
    if (c == 'Q' && !comments) {
      int end = regex.indexOf("\\E", at);
      add(end == at ? Ways.NOTHING : Ways.CHARACTER);
      at = end < 0 ? regex.length() : end + 2;
    } else if ("bBAGzZEk".indexOf(c) >= 0 || (c >= '1' && c <= '9')) {
      add(Ways.NOTHING);
    } else {
      add(Ways.CHARACTER);
    }
    if ("pPxNob".indexOf(c) >= 0 && regex.startsWith("{", at)) {
      skipBehind('}');
    } else if (c == 'k') {
      skipBehind('>');
    }
  }

  private void skipBehind(char end) {
    int found = regex.indexOf(end, at);
    at = found < 0 ? regex.length() : found + 1;
  }

  private void skipClass() {
    for (int depth = 1, start = start(); depth > 0 && at < regex.length(); ) {
      char c = regex.charAt(at++);
      if (c == '\\' && regex.startsWith("Q", at)) {
        int end = regex.indexOf("\\E", at);
        at = end < 0 ? regex.length() : end + 2;
      } else if (c == '\\') {
        at++;
      } else if (c == '[') {
        depth++;
        start = start();
      } else if (c == ']' && at - 1 > start) {
        depth--;
      }
    }
  }

  /** Returns where a class begins; a bracket that stands there is one of its characters. */
  private int start() {
    if (regex.startsWith("^", at)) {
      at++;
    }
    return at;
  }
}
