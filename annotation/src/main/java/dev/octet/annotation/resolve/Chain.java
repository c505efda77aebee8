package dev.octet.annotation.resolve;

import java.util.List;
import java.util.stream.Collectors;

/** Writes a way along points for messages. */
final class Chain {

  private Chain() {}

  /** Returns the members joined by arrows; the middle of a long chain is left out and counted. */
  static String text(List<?> members, int longest) {
    if (members.size() <= longest) {
      return join(members);
    }
    int head = longest / 2;
    int tail = longest - head;
    return join(members.subList(0, head))
        + " -> ("
        + (members.size() - longest)
        + " more) -> "
        + join(members.subList(members.size() - tail, members.size()));
  }

  private static String join(List<?> members) {
    return members.stream().map(Object::toString).collect(Collectors.joining(" -> "));
  }
}
