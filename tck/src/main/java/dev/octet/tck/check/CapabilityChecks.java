package dev.octet.tck.check;

import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.NodeAnnotation;
import dev.octet.tck.graphs.Composition;
import dev.octet.tck.subject.Subject;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlannedNode;
import java.util.List;

/** Whether a backend does what it declares, and no more. */
final class CapabilityChecks {

  private CapabilityChecks() {}

  static List<RuleCheck> all() {
    return List.of(
        new RuleCheck("TCK-CAP-001", CapabilityChecks::declaredIsQuantized),
        new RuleCheck("TCK-CAP-002", CapabilityChecks::outsideStaysFloat));
  }

  private static List<TckCase> declaredIsQuantized(Subject subject) {
    return subject.compositions().stream()
        .filter(made -> made.broken().isEmpty())
        .map(made -> TckCase.of(made.name(), () -> requireQuantized(subject, made)))
        .toList();
  }

  private static void requireQuantized(Subject subject, Composition made) {
    Plan plan = subject.plan(made);
    PlannedNode first = Planned.node(plan, made.chain().get(0));
    if (first.rule().isEmpty()) {
      throw Violation.of(
          "the capability %s holds for node '%s', and the backend leaves it in float: %s",
          made.capability(), first.name(), first.reason().orElse("without a reason"));
    }
  }

  private static List<TckCase> outsideStaysFloat(Subject subject) {
    return subject.compositions().stream()
        .filter(made -> made.broken().isPresent())
        .map(made -> TckCase.of(made.name(), () -> requireFloat(subject, made)))
        .toList();
  }

  private static void requireFloat(Subject subject, Composition made) {
    AnnotatedGraph annotated = subject.annotate(made.model());
    for (String name : made.chain()) {
      NodeAnnotation node = annotated.nodes().get(name);
      if (node != null && node.isClaimed() && Declared.of(subject, annotated, node).isEmpty()) {
        throw Violation.of(
            "rule '%s' takes %s, though %s does not hold and no capability declares the match",
            node.rule().orElseThrow(),
            node.match(),
            made.broken().orElseThrow().condition().words());
      }
    }
  }
}
