package dev.octet.tck.check;

import dev.octet.tck.graphs.Composition;
import dev.octet.tck.subject.Subject;
import java.util.List;

/** Cases about compositions. */
final class CompositionCases {

  /** What a composition must show. */
  @FunctionalInterface
  interface Demand {
    void on(Subject subject, Composition made);
  }

  private CompositionCases() {}

  /** Returns a case that shrinks to smaller sizes and to the first operators of a chain. */
  static TckCase shrinking(Subject subject, Composition made, Demand demand) {
    return new TckCase(
        made.name(), () -> demand.on(subject, made), () -> smaller(subject, made, demand));
  }

  private static List<TckCase> smaller(Subject subject, Composition made, Demand demand) {
    return subject.smaller(made).stream()
        .filter(small -> !small.name().equals(made.name()))
        .map(small -> TckCase.of(small.name(), () -> demand.on(subject, small)))
        .toList();
  }
}
