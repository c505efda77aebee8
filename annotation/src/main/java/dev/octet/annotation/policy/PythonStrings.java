package dev.octet.annotation.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what Python's {@code repr} writes for a list of strings. */
final class PythonStrings {

  private final String text;
  private int at;

  private PythonStrings(String text) {
    this.text = text;
  }

  /** Returns the strings; empty for a text of another form. */
  static Optional<List<String>> parse(String text) {
    return new PythonStrings(text.strip()).list();
  }

  private Optional<List<String>> list() {
    List<String> items = new ArrayList<>();
    if (!take('[')) {
      return Optional.empty();
    }
    while (!take(']')) {
      if (!items.isEmpty() && !take(',')) {
        return Optional.empty();
      }
      Optional<String> item = string();
      if (item.isEmpty()) {
        return Optional.empty();
      }
      items.add(item.get());
    }
    return at == text.length() && !items.isEmpty() ? Optional.of(items) : Optional.empty();
  }

  private Optional<String> string() {
    skipBlanks();
    if (at >= text.length() || (text.charAt(at) != '\'' && text.charAt(at) != '"')) {
      return Optional.empty();
    }
    char quote = text.charAt(at++);
    StringBuilder value = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == quote) {
        return Optional.of(value.toString());
      }
      if (c == '\\' && !escape(value)) {
        return Optional.empty();
      } else if (c != '\\') {
        value.append(c);
      }
    }
    return Optional.empty();
  }

  private boolean escape(StringBuilder value) {
    char c = at < text.length() ? text.charAt(at++) : ' ';
    return switch (c) {
      case 'n' -> append(value, '\n');
      case 't' -> append(value, '\t');
      case 'r' -> append(value, '\r');
      case '\\', '\'', '"' -> append(value, c);
      case 'x' -> code(value, 2);
      case 'u' -> code(value, 4);
      case 'U' -> code(value, 8);
      default -> false;
    };
  }

  private static boolean append(StringBuilder value, char c) {
    value.append(c);
    return true;
  }

  private boolean code(StringBuilder value, int digits) {
    if (at + digits > text.length()) {
      return false;
    }
    try {
      value.appendCodePoint(Integer.parseInt(text.substring(at, at + digits), 16));
    } catch (IllegalArgumentException e) {
      return false;
    }
    at += digits;
    return true;
  }

  private boolean take(char wanted) {
    skipBlanks();
    boolean found = at < text.length() && text.charAt(at) == wanted;
    at += found ? 1 : 0;
    return found;
  }

  private void skipBlanks() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
  }
}
