package dev.octet.tck.run;

import dev.octet.tck.check.TckCase;
import dev.octet.tck.graphs.RandomFloats;
import dev.octet.tck.rule.RuleBook;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which of the cases of a rule are run. Immutable. */
final class CaseSelection {

  private final RuleBook book;
  private final TckRequest request;

  CaseSelection(RuleBook book, TckRequest request) {
    this.book = book;
    this.request = request;
  }

  /** Returns those that are run, in their order. */
  List<TckCase> of(String rule, List<TckCase> cases) {
    if (request.caseName().isPresent()) {
      return named(cases, request.caseName().get()).map(List::of).orElse(List.of());
    }
    if (request.random().isEmpty()) {
      return cases;
    }
    Set<TckCase> drawn = new HashSet<>();
    List<TckCase> others = new ArrayList<>();
    cases.forEach(one -> (book.isBoundary(rule, one.name()) ? drawn : others).add(one));
    others.sort(Comparator.comparingLong(this::lot).thenComparing(TckCase::name));
    drawn.addAll(others.subList(0, Math.min(others.size(), request.random().getAsInt())));
    return cases.stream().filter(drawn::contains).toList();
  }

  /** What a case draws: another number for another seed. */
  private long lot(TckCase one) {
    return RandomFloats.generator(request.seed(), one.name()).nextLong();
  }

  /**
   * Returns a case by its name, also one that another shrinks to. Those whose names begin alike are
   * asked before the others.
   */
  private static Optional<TckCase> named(List<TckCase> cases, String name) {
    Optional<TckCase> listed = cases.stream().filter(c -> c.name().equals(name)).findFirst();
    if (listed.isPresent()) {
      return listed;
    }
    String kind = name.substring(0, name.indexOf('/') + 1);
    Map<Boolean, List<TckCase>> alike =
        cases.stream().collect(Collectors.partitioningBy(c -> c.name().startsWith(kind)));
    return Stream.of(true, false)
        .flatMap(same -> alike.getOrDefault(same, List.of()).stream())
        .flatMap(one -> one.smaller().get().stream())
        .filter(smaller -> smaller.name().equals(name))
        .findFirst();
  }
}
