package dev.octet.workflow.text;

import dev.octet.api.error.OctetException;
import java.util.Locale;

/**
 * Texts as a screen, a log or a page may show them. Names come out of models, data and jars of
 * anybody: what would steer a terminal, turn the direction of the text around it, begin a line, or
 * not be seen at all stands as its number instead, <code>&#92;u{1b}</code>. The same on every JDK.
 */
public final class ShownText {

  private ShownText() {}

  /** Returns a text in one line. */
  public static String line(String text) {
    return shown(text, false);
  }

  /** Returns a text of several lines, whose ends and tabulators stay. */
  public static String lines(String text) {
    return shown(text, true);
  }

  /** Returns the message of an error; only its next step may have several lines. */
  public static String message(OctetException error) {
    String message = String.valueOf(error.getMessage());
    int next = message.length() - error.nextStep().length();
    return line(message.substring(0, next)) + lines(message.substring(next));
  }

  private static String shown(String text, boolean keepsLines) {
    if (text.codePoints().allMatch(ShownText::isSeen)) {
      return text;
    }
    StringBuilder shown = new StringBuilder(text.length() + 8);
    for (int at = 0; at < text.length(); ) {
      int c = text.codePointAt(at);
      at += Character.charCount(c);
      if (isSeen(c) || (keepsLines && isOfLines(c, text, at))) {
        shown.appendCodePoint(c);
      } else {
        shown.append(number(c));
      }
    }
    return shown.toString();
  }

  private static boolean isOfLines(int c, String text, int next) {
    return c == '\n' || c == '\t' || (c == '\r' && text.startsWith("\n", next));
  }

  /** Returns how a character stands that is not seen. */
  public static String number(int c) {
    return String.format(Locale.ROOT, "\\u{%x}", c);
  }

  /**
   * Tells whether a character shows itself and nothing else: no control, format or private
   * character, no separator of lines, no half of a pair. The JDK's own classes of characters grow
   * from version to version.
   */
  public static boolean isSeen(int c) {
    if (c < 0xad) {
      return c >= ' ' && (c < 0x7f || c > 0x9f);
    }
    return c != 0xad
        && c != 0x61c
        && c != 0x180e
        && !isIn(c, 0x200b, 0x200f)
        && !isIn(c, 0x2028, 0x202e)
        && !isIn(c, 0x2060, 0x206f)
        && !isIn(c, Character.MIN_SURROGATE, 0xf8ff)
        && c != 0xfeff
        && !isIn(c, 0xfff0, 0xfffb)
        && !isIn(c, 0xfffe, 0xffff)
        && !isIn(c, 0xe0000, Character.MAX_CODE_POINT);
  }

  private static boolean isIn(int c, int first, int last) {
    return c >= first && c <= last;
  }
}
