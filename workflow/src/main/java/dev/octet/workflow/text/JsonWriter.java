package dev.octet.workflow.text;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.octet.api.tree.Tree;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/** Appends one tree to a text; see {@link JsonText#write} for the form. */
final class JsonWriter {

  // The bounds of the plain notation in ECMAScript's Number.toString, which readers are used to.
  private static final int LEAST_PLAIN_EXPONENT = -7;
  private static final int MOST_PLAIN_EXPONENT = 20;

  private static final int MOST_DIGITS_OF_LONG = 18;
  private static final String INDENT = "  ";

  /** The line end and the indentation of each depth. */
  private static final List<String> LINES =
      IntStream.rangeClosed(0, JsonText.MOST_NESTED + 1)
          .mapToObj(depth -> "\n" + INDENT.repeat(depth))
          .toList();

  private static final Tree.Cases<Boolean> NESTED =
      new Tree.Cases<>(
          mapping -> true,
          sequence -> true,
          string -> false,
          number -> false,
          bool -> false,
          nothing -> false);

  private final StringBuilder text;
  private final Tree.Cases<StringBuilder> written;
  private final BiConsumer<String, Tree> field = this::field;
  private final RecentTexts recent = new RecentTexts();

  /** The names of fields as they stand in the text; most are those of a format. */
  private final Map<String, String> names = new HashMap<>();

  private int depth;

  JsonWriter(StringBuilder text) {
    this.text = text;
    this.written =
        new Tree.Cases<>(
            this::mapping,
            sequence -> sequence(sequence.items()),
            string -> string(string.value(), text),
            number -> number(number.value()),
            bool -> text.append(bool.value()),
            nothing -> text.append("null"));
  }

  /**
   * Appends a value that stands at a depth; {@link IllegalArgumentException} if that is too deep.
   */
  void value(Tree tree, int at) {
    if (at > JsonText.MOST_NESTED) {
      throw new IllegalArgumentException("nested deeper than " + JsonText.MOST_NESTED);
    }
    int outer = depth;
    depth = at;
    tree.match(written);
    depth = outer;
  }

  /** Begins a field of a map; the map's first field has no comma before it. */
  void name(String name, boolean first, int at) {
    text.append(first ? "" : ",");
    line(at);
    text.append(names.computeIfAbsent(name, JsonWriter::name));
  }

  private static String name(String name) {
    return string(name, new StringBuilder()).append(": ").toString();
  }

  private StringBuilder mapping(Tree.Mapping mapping) {
    if (mapping.entries().isEmpty()) {
      return text.append("{}");
    }
    RecentTexts.Recent before = recent.find(mapping, depth);
    String written = before == null ? null : before.text();
    if (written != null) {
      return text.append(written);
    }
    int start = text.length();
    text.append('{');
    mapping.entries().forEach(field);
    line(depth);
    text.append('}');
    if (before != null) {
      before.keep(text.substring(start));
    }
    return text;
  }

  /** Appends a field of the map that is being written. */
  private void field(String name, Tree value) {
    boolean first = text.charAt(text.length() - 1) == '{';
    name(name, first, depth + 1);
    value(value, depth + 1);
  }

  private StringBuilder sequence(List<Tree> items) {
    boolean oneLine = !holdsNested(items);
    text.append('[');
    for (int i = 0; i < items.size(); i++) {
      if (oneLine) {
        text.append(i > 0 ? ", " : "");
      } else {
        text.append(i > 0 ? "," : "");
        line(depth + 1);
      }
      value(items.get(i), depth + 1);
    }
    if (!oneLine) {
      line(depth);
    }
    return text.append(']');
  }

  private static boolean holdsNested(List<Tree> items) {
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i).match(NESTED)) {
        return true;
      }
    }
    return false;
  }

  void line(int at) {
    text.append(LINES.get(at));
  }

  private static StringBuilder string(String value, StringBuilder text) {
    if (isPlain(value)) {
      return text.append('"').append(value).append('"');
    }
    char[] quoted = JsonStringEncoder.getInstance().quoteAsString(value);
    text.append('"');
    for (int i = 0; i < quoted.length; i++) {
      if (isSeenPair(quoted, i)) {
        text.append(quoted[i]).append(quoted[++i]);
      } else {
        append(quoted[i], text);
      }
    }
    return text.append('"');
  }

  private static boolean isSeenPair(char[] text, int at) {
    return at + 1 < text.length
        && Character.isSurrogatePair(text[at], text[at + 1])
        && ShownText.isSeen(Character.toCodePoint(text[at], text[at + 1]));
  }

  /**
   * Half a pair has no UTF-8 form, but an escape; what would not be seen as it is on a screen has
   * one, too.
   */
  private static void append(char c, StringBuilder text) {
    if (ShownText.isSeen(c)) {
      text.append(c);
    } else {
      text.append("\\u").append(HexFormat.of().toHexDigits(c));
    }
  }

  /** Tells whether a text stands as it is: printable ASCII without quotes and backslashes. */
  private static boolean isPlain(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        return false;
      }
    }
    return true;
  }

  private StringBuilder number(BigDecimal value) {
    boolean whole = value.scale() == 0 && value.precision() <= MOST_DIGITS_OF_LONG;
    return whole ? text.append(value.longValue()) : text.append(decimal(value));
  }

  private static String decimal(BigDecimal value) {
    BigDecimal shortest = value.stripTrailingZeros();
    long exponent = (long) shortest.precision() - shortest.scale() - 1;
    boolean plain = exponent >= LEAST_PLAIN_EXPONENT && exponent <= MOST_PLAIN_EXPONENT;
    return shortest.signum() == 0 ? "0" : plain ? shortest.toPlainString() : shortest.toString();
  }
}
