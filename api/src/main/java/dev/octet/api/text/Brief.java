package dev.octet.api.text;

import java.util.Collection;
import java.util.stream.Collectors;

/** Short forms of what a value holds, for the one line that it says of itself in a log. */
public final class Brief {

  private static final int MOST_CHARACTERS = 100;
  private static final int MOST_ITEMS = 4;

  private Brief() {}

  /** Returns a text in one line, and of one that is longer than 100 characters the beginning. */
  public static String text(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    if (line.length() <= MOST_CHARACTERS) {
      return line;
    }
    boolean halved = Character.isHighSurrogate(line.charAt(MOST_CHARACTERS - 1));
    return line.substring(0, halved ? MOST_CHARACTERS - 1 : MOST_CHARACTERS) + "...";
  }

  /** Returns the first four items, and how many there are when there are more. */
  public static String list(Collection<?> items) {
    String more = items.size() > MOST_ITEMS ? ", ... " + items.size() + " in all]" : "]";
    return items.stream()
        .limit(MOST_ITEMS)
        .map(item -> text(String.valueOf(item)))
        .collect(Collectors.joining(", ", "[", more));
  }
}
