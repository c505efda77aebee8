package dev.octet.workflow.text;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.octet.api.tree.Tree;
import java.math.BigDecimal;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Appends one tree to a text; see {@link JsonText#write} for the form. */
final class JsonWriter {

  // The bounds of the plain notation in ECMAScript's Number.toString, which readers are used to.
  private static final int LEAST_PLAIN_EXPONENT = -7;
  private static final int MOST_PLAIN_EXPONENT = 20;

  private final StringBuilder text;

  JsonWriter(StringBuilder text) {
    this.text = text;
  }

  void value(Tree tree, int depth) {
    if (depth > JsonText.MOST_NESTED) {
      throw new IllegalArgumentException("nested deeper than " + JsonText.MOST_NESTED);
    }
    if (tree instanceof Tree.Mapping mapping) {
      mapping(mapping, depth);
    } else if (tree instanceof Tree.Sequence sequence) {
      sequence(sequence.items(), depth);
    } else if (tree instanceof Tree.Text string) {
      string(string.value());
    } else if (tree instanceof Tree.Num number) {
      text.append(number(number.value()));
    } else if (tree instanceof Tree.Bool bool) {
      text.append(bool.value());
    } else {
      text.append("null");
    }
  }

  private void mapping(Tree.Mapping mapping, int depth) {
    if (mapping.entries().isEmpty()) {
      text.append("{}");
      return;
    }
    text.append('{');
    Iterator<Map.Entry<String, Tree>> entries = mapping.entries().entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<String, Tree> entry = entries.next();
      line(depth + 1);
      string(entry.getKey());
      text.append(": ");
      value(entry.getValue(), depth + 1);
      text.append(entries.hasNext() ? "," : "");
    }
    line(depth);
    text.append('}');
  }

  private void sequence(List<Tree> items, int depth) {
    boolean oneLine = items.stream().noneMatch(JsonWriter::isNested);
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
    text.append(']');
  }

  private static boolean isNested(Tree tree) {
    return tree instanceof Tree.Mapping || tree instanceof Tree.Sequence;
  }

  private void line(int depth) {
    text.append('\n').append("  ".repeat(depth));
  }

  private void string(String value) {
    char[] quoted = JsonStringEncoder.getInstance().quoteAsString(value);
    text.append('"');
    for (int i = 0; i < quoted.length; i++) {
      if (i + 1 < quoted.length && Character.isSurrogatePair(quoted[i], quoted[i + 1])) {
        text.append(quoted[i]).append(quoted[++i]);
      } else if (Character.isSurrogate(quoted[i])) {
        // Half a pair has no UTF-8 form, but an escape.
        text.append("\\u").append(Integer.toHexString(quoted[i]));
      } else {
        text.append(quoted[i]);
      }
    }
    text.append('"');
  }

  static String number(BigDecimal value) {
    BigDecimal shortest = value.stripTrailingZeros();
    long exponent = (long) shortest.precision() - shortest.scale() - 1;
    boolean plain = exponent >= LEAST_PLAIN_EXPONENT && exponent <= MOST_PLAIN_EXPONENT;
    return shortest.signum() == 0 ? "0" : plain ? shortest.toPlainString() : shortest.toString();
  }
}
