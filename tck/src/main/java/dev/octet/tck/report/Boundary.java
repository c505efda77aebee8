package dev.octet.tck.report;

import dev.octet.tck.rule.BoundaryCase;
import dev.octet.tck.rule.RuleBook;
import dev.octet.tck.verdict.TckReport;
import java.util.List;

/**
 * How often a run tried one line of the list of boundary cases.
 *
 * @param name the name of the line
 * @param cases how many cases; 0 where the backend does not declare what it is about, or the run
 *     was narrowed
 */
record Boundary(String name, long cases) {

  /** Returns the lines in the order of the list. */
  static List<Boundary> of(TckReport report) {
    return RuleBook.read().boundary().stream()
        .map(line -> new Boundary(line.name(), count(report, line)))
        .toList();
  }

  private static long count(TckReport report, BoundaryCase line) {
    return report
        .results()
        .filter(result -> result.rule().id().equals(line.rule()))
        .flatMap(result -> result.cases().stream())
        .filter(tried -> line.has(line.rule(), tried.name()))
        .count();
  }
}
