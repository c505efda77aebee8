package dev.octet.workflow.compare;

import dev.octet.workflow.evaluate.Sqnr;
import dev.octet.workflow.text.ShownText;
import java.util.Locale;

/** Texts and numbers as a page of HTML takes them. */
final class PageText {

  private PageText() {}

  /**
   * Returns a text that is no markup, in elements and in attributes alike. What cannot be seen, or
   * turns the direction of what is around it, stands as its number.
   */
  static String escaped(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 8);
    text.codePoints().forEach(c -> append(c, escaped));
    return escaped.toString();
  }

  private static void append(int c, StringBuilder escaped) {
    switch (c) {
      case '&' -> escaped.append("&amp;");
      case '<' -> escaped.append("&lt;");
      case '>' -> escaped.append("&gt;");
      case '"' -> escaped.append("&quot;");
      case '\'' -> escaped.append("&#39;");
      default -> {
        if (ShownText.isSeen(c)) {
          escaped.appendCodePoint(c);
        } else {
          escaped.append(ShownText.number(c));
        }
      }
    }
  }

  /** Returns a coordinate of a drawing, with at most one digit behind the point. */
  static String coordinate(double value) {
    long tenths = Math.round(value * 10);
    return tenths % 10 == 0
        ? Long.toString(tenths / 10)
        : String.format(Locale.ROOT, "%.1f", tenths / 10.0);
  }

  /** Returns the decibels with all digits, as scripts read them: what is no number is least. */
  static String exact(Sqnr sqnr) {
    return Double.toString(sqnr.rank());
  }

  /** Returns a number in few digits. */
  static String number(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%.4g", value) : "no number";
  }
}
