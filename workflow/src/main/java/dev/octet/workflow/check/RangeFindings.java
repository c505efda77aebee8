package dev.octet.workflow.check;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.FindingId;
import dev.octet.workflow.evaluate.ActivationRange;
import dev.octet.workflow.evaluate.Sqnr;
import dev.octet.workflow.plan.GraphValue;
import dev.octet.workflow.plan.Plan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the values that the float model gave say of the ranges that they are quantized to: fixed
 * grids that do not fit, ranges that clip, and probabilities for which 8 bits are few.
 */
final class RangeFindings {

  private static final int NAMED = 5;

  /** What rounding leaves of probabilities for which 8 bits are enough, in decibels. */
  private static final double ENOUGH_DB = 30;

  private static final double EIGHT_BITS = 256;

  private final Plan plan;
  private final List<ActivationRange> ranges;
  private final Set<String> fixed = new HashSet<>();

  private RangeFindings(Plan plan, List<ActivationRange> ranges) {
    this.plan = plan;
    this.ranges = ranges;
    plan.valuesByGroup()
        .forEach(
            (id, values) -> {
              boolean isFixed =
                  Optional.ofNullable(plan.groups().get(id))
                      .filter(group -> group.spec().observed().isEmpty())
                      .filter(group -> group.spec().derivation().isEmpty())
                      .isPresent();
              if (isFixed) {
                values.stream().map(GraphValue::name).forEach(fixed::add);
              }
            });
  }

  /** Returns what a user must know, each finding about the worst few. */
  static List<Finding> of(Plan plan, List<ActivationRange> ranges) {
    RangeFindings findings = new RangeFindings(plan, ranges);
    List<Finding> all = new ArrayList<>();
    findings.misfits().ifPresent(all::add);
    findings.clipped().ifPresent(all::add);
    findings.probabilities().ifPresent(all::add);
    return all;
  }

  private boolean isMisfit(ActivationRange each) {
    return fixed.contains(each.value()) && (each.isClipped() || each.isUnused());
  }

  private Optional<Finding> misfits() {
    return finding(
        CheckErrors.FIXED_GRID,
        ranges.stream().filter(this::isMisfit).toList(),
        "Fixed grids of the backend do not fit the values: ",
        each ->
            String.format(
                Locale.ROOT,
                "'%s' of node '%s' runs from %.4g to %.4g, %s of the %.0f steps of %.4g%s, which"
                    + " leaves %s%s",
                each.value(),
                each.node(),
                each.fit().dataMin(),
                each.fit().dataMax(),
                steps(each),
                each.integers().integers(),
                each.integers().scale(),
                clippedWords(each),
                decibels(each),
                wider(each)));
  }

  private static long steps(ActivationRange each) {
    return (long)
        (each.integers().integer(each.fit().dataMax())
            - each.integers().integer(each.fit().dataMin()));
  }

  private static String clippedWords(ActivationRange each) {
    return each.fit().clipped() == 0
        ? ""
        : String.format(Locale.ROOT, ", %.2f %% clipped", 100 * each.fit().clippedShare());
  }

  private static String decibels(ActivationRange each) {
    return each.rounding().map(Sqnr::words).orElse("");
  }

  private Optional<Finding> clipped() {
    return finding(
        CheckErrors.CLIPPED,
        ranges.stream().filter(each -> each.isClipped() && !isMisfit(each)).toList(),
        "More than 1 % of the elements of values are clipped: ",
        each ->
            String.format(
                Locale.ROOT,
                "'%s' of node '%s' runs from %s, %.2f %% clipped, which leaves %s",
                each.value(),
                each.node(),
                each.fit().words(),
                100 * each.fit().clippedShare(),
                decibels(each)));
  }

  private Optional<Finding> probabilities() {
    return finding(
        CheckErrors.FEW_BITS,
        ranges.stream().filter(each -> isCoarse(each) && !isMisfit(each)).toList(),
        "8 bits are few for probabilities: ",
        each ->
            String.format(
                Locale.ROOT,
                "'%s' of node '%s' has rows of up to %s, steps of %.4g and values up to %.4g, of"
                    + " which rounding leaves %s%s",
                each.value(),
                each.node(),
                each.rowLength(),
                each.integers().scale(),
                each.fit().dataMax(),
                decibels(each),
                wider(each)));
  }

  private boolean isCoarse(ActivationRange each) {
    return node(each).filter(node -> node.op().is("Softmax")).isPresent()
        && each.integers().integers() <= EIGHT_BITS
        && each.rounding().filter(left -> left.rank() < ENOUGH_DB).isPresent();
  }

  private Optional<Node> node(ActivationRange each) {
    Graph graph = plan.prepared().original().graph();
    return graph.node(each.node());
  }

  /** Says how the backend has 16 bits for the operator, or that it has not. */
  private String wider(ActivationRange each) {
    return node(each)
        .map(Node::op)
        .map(
            op ->
                plan.backend()
                    .optionForBits(op, Short.SIZE)
                    .map(option -> "; " + option + " gives it 16 bits")
                    .orElse("; the backend has no 16 bits for " + op))
        .orElse("");
  }

  private static Optional<Finding> finding(
      FindingId id,
      List<ActivationRange> found,
      String fact,
      Function<ActivationRange, String> words) {
    List<ActivationRange> worst =
        found.stream()
            .sorted(
                Comparator.comparingDouble(
                    each -> each.rounding().map(Sqnr::rank).orElse(Double.POSITIVE_INFINITY)))
            .toList();
    int more = worst.size() - NAMED;
    return worst.stream()
        .findFirst()
        .map(
            first ->
                id.aboutNode(
                    first.node(),
                    fact
                        + worst.stream().limit(NAMED).map(words).collect(Collectors.joining("; "))
                        + (more > 0 ? "; and " + more + " more" : "")
                        + "."));
  }
}
