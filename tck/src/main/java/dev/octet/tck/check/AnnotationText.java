package dev.octet.tck.check;

import dev.octet.api.graph.Point;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.BoundaryAnnotation;
import dev.octet.api.quantizer.NodeAnnotation;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlannedNode;
import dev.octet.workflow.plan.PlannedPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** What a quantizer decided, as text by node, so that two decisions compare up to names. */
final class AnnotationText {

  private AnnotationText() {}

  /** Returns the decisions with the names that they have, reasons included. */
  static SortedMap<String, String> of(AnnotatedGraph annotated) {
    return of(annotated, UnaryOperator.identity(), true);
  }

  /**
   * Returns the decisions with other names of nodes and values.
   *
   * @param reasons whether the reasons count, which may tell names
   */
  static SortedMap<String, String> of(
      AnnotatedGraph annotated, UnaryOperator<String> rename, boolean reasons) {
    SortedMap<String, String> texts = new TreeMap<>();
    for (NodeAnnotation node : annotated.nodes().values()) {
      texts.put(rename.apply(node.node()), text(node, rename, reasons));
    }
    for (BoundaryAnnotation end : annotated.boundary().values()) {
      texts.put(point(end.point(), rename), text(end.spec(), rename));
    }
    annotated.unshared().forEach(p -> texts.put("unshared " + point(p, rename), ""));
    return texts;
  }

  /** Returns the decision on one node, reasons left out, with other names of nodes. */
  static String of(NodeAnnotation node, UnaryOperator<String> rename) {
    return text(node, rename, false);
  }

  private static String text(NodeAnnotation node, UnaryOperator<String> rename, boolean reasons) {
    List<String> words = new ArrayList<>();
    words.add(node.rule().orElse("float"));
    words.add(node.match().stream().map(rename).toList().toString());
    marks("operand ", node.operands(), rename, words);
    marks("result ", node.results(), rename, words);
    if (reasons) {
      words.add(node.reason().orElse(""));
    }
    return String.join(", ", words);
  }

  /** Returns the decision of a plan on a node, without who decided. */
  static String text(PlannedNode node, Plan plan, UnaryOperator<String> rename) {
    List<String> words = new ArrayList<>();
    words.add(node.rule().orElse("float"));
    points("operand ", node.operands(), plan, rename, words);
    points("result ", node.results(), plan, rename, words);
    return String.join(", ", words);
  }

  private static void points(
      String side,
      List<PlannedPoint> points,
      Plan plan,
      UnaryOperator<String> rename,
      List<String> words) {
    for (PlannedPoint point : points) {
      QuantizationSpec spec =
          point
              .group()
              .<QuantizationSpec>map(id -> Planned.group(plan, id).spec())
              .orElse(point.spec());
      words.add(side + point.index() + " " + text(spec, rename));
    }
  }

  private static void marks(
      String side,
      Map<Integer, QuantizationSpec> specs,
      UnaryOperator<String> rename,
      List<String> words) {
    specs.forEach((index, spec) -> words.add(side + index + " " + text(spec, rename)));
  }

  private static String text(QuantizationSpec spec, UnaryOperator<String> rename) {
    return spec.match(
        new QuantizationSpec.Cases<>(
            QuantizationSpec::toString,
            QuantizationSpec::toString,
            shared -> "as " + point(shared.with(), rename),
            derived -> text(derived, rename),
            QuantizationSpec::toString,
            QuantizationSpec::toString));
  }

  private static String text(QuantizationSpec.Derived derived, UnaryOperator<String> rename) {
    return derived.type()
        + " by "
        + derived.rule()
        + " of "
        + derived.sources().stream().map(source -> point(source, rename)).toList();
  }

  private static String point(Point point, UnaryOperator<String> rename) {
    return new Point(rename.apply(point.name()), point.side(), point.index()).toString();
  }

  /**
   * Demands that two decisions are equal.
   *
   * @param changed what differs between the two questions
   * @throws Violation naming the first node that they differ in
   */
  static void requireEqual(
      SortedMap<String, String> first, SortedMap<String, String> second, String changed) {
    for (Map.Entry<String, String> entry : first.entrySet()) {
      String other = second.getOrDefault(entry.getKey(), "nothing");
      if (!entry.getValue().equals(other)) {
        throw Violation.of(
            "%s changes what is decided of '%s': before, %s; then, %s",
            changed, entry.getKey(), entry.getValue(), other);
      }
    }
    if (second.size() > first.size()) {
      throw Violation.of("%s adds decisions: %s, then %s", changed, first, second);
    }
  }
}
