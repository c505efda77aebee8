package dev.octet.cli.conformance;

import dev.octet.cli.conformance.GoldenCases.GoldenCase;
import dev.octet.workflow.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Adds up comparisons of decisions, and tells differences that are meant from others. */
final class DecisionTable {

  /**
   * Differences that are meant.
   *
   * @param cases a regular expression for the whole name of the case
   * @param differences a regular expression that the words of the difference contain
   * @param points how many points differ so
   * @param reason why
   */
  record Meant(Pattern cases, Pattern differences, int points, String reason) {

    static Meant of(String cases, String differences, int points, String reason) {
      return new Meant(Pattern.compile(cases), Pattern.compile(differences), points, reason);
    }

    private boolean covers(String name, String difference) {
      return cases.matcher(name).matches() && differences.matcher(difference).find();
    }
  }

  private final String title;
  private final List<Meant> meant;
  private final Map<Meant, List<String>> used = new TreeMap<>(DecisionTable::byReason);
  private final List<String> different = new ArrayList<>();
  private final Map<String, String> withoutTwin = new TreeMap<>();
  private int cases;
  private int compared;
  private int equal;
  private int byDesign;
  private int otherFloors;
  private int notCompared;
  private int boundary;

  DecisionTable(String title, List<Meant> meant) {
    this.title = title;
    this.meant = meant;
  }

  /** Adds a plan for a case. */
  void add(GoldenCase golden, Plan plan) {
    cases++;
    if (golden.file().isPresent()) {
      add(golden.name(), plan, GoldenDecisions.read(golden.file().get()));
    } else if (golden.outcome().equals("nothing annotated")) {
      addDifferences(golden.name(), DecisionComparison.marks(plan));
    } else {
      int marks = DecisionComparison.marks(plan).size();
      addDifferences(golden.name(), List.of("theirs fails, ours marks " + marks + " points"));
    }
  }

  private void add(String name, Plan plan, GoldenDecisions golden) {
    DecisionComparison comparison = DecisionComparison.of(plan, golden);
    equal += comparison.equal();
    compared += comparison.equal();
    otherFloors += comparison.otherFloors();
    boundary += comparison.atTheBoundary();
    addDifferences(name, comparison.differences());
    if (!comparison.withoutTwin().isEmpty()) {
      notCompared += comparison.withoutTwin().size();
      withoutTwin.put(name, String.join(", ", comparison.withoutTwin()));
    }
  }

  private void addDifferences(String name, List<String> differences) {
    compared += differences.size();
    for (String difference : differences) {
      Optional<Meant> reason = meant.stream().filter(m -> m.covers(name, difference)).findFirst();
      if (reason.isPresent()) {
        byDesign++;
        used.computeIfAbsent(reason.get(), r -> new ArrayList<>()).add(name);
      } else {
        different.add(name + ": " + difference);
      }
    }
  }

  int cases() {
    return cases;
  }

  int compared() {
    return compared;
  }

  int equal() {
    return equal;
  }

  /** Returns the differences that nobody means. */
  List<String> different() {
    return different;
  }

  /** Returns what is meant of more or fewer points than differ so, that the list stays true. */
  List<String> miscounted() {
    return meant.stream()
        .filter(m -> m.points() != found(m))
        .map(m -> m + ": " + found(m))
        .toList();
  }

  private int found(Meant meant) {
    return used.getOrDefault(meant, List.of()).size();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(title).append('\n');
    line(text, "cases", cases);
    line(text, "points compared", compared);
    line(text, "equal", equal);
    line(text, "  inputs and outputs", boundary);
    line(text, "  another floor there", otherFloors);
    line(text, "different by design", byDesign);
    line(text, "different", different.size());
    line(text, "without an ONNX twin", notCompared);
    used.forEach(
        (m, names) ->
            text.append(
                "by design, %d points: %s%n    in %s%n"
                    .formatted(names.size(), m.reason(), new TreeSet<>(names))));
    different.forEach(d -> text.append("DIFFERENT ").append(d).append('\n'));
    withoutTwin.forEach(
        (name, points) ->
            text.append("without a twin: ").append(name).append(": ").append(points).append('\n'));
    return text.toString();
  }

  private static void line(StringBuilder text, String what, int count) {
    text.append("  %-22s %6d%n".formatted(what, count));
  }

  private static int byReason(Meant a, Meant b) {
    return (a.reason() + a.cases() + a.differences())
        .compareTo(b.reason() + b.cases() + b.differences());
  }
}
