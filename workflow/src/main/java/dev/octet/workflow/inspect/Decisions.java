package dev.octet.workflow.inspect;

import dev.octet.api.tree.Tree;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlannedBoundary;
import dev.octet.workflow.plan.PlannedNode;
import dev.octet.workflow.report.NodeTable;
import dev.octet.workflow.report.Report;
import dev.octet.workflow.report.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who decided on each node of a user's model: a selector of the policy, a rule, or the backend. */
final class Decisions {

  private static final List<String> NO_SELECTOR = List.of("backend", "normalisation", "plan");

  private Decisions() {}

  /** Adds the decisions of a plan to a report, in the order of the model. */
  static void addTo(Report report, Plan plan) {
    NodeTable table = new NodeTable("NODE", "OPERATOR", "QUANTIZED", "DECIDED BY");
    List<PlannedNode> nodes = plan.userNodes();
    for (PlannedNode node : nodes) {
      table.row(node.name(), node.op(), quantized(node), node.decidedBy());
    }
    report.field("decisions", () -> Tree.of(nodes.stream().map(Decisions::tree).toList()));
    if (!table.isEmpty()) {
      report.line("").line("Who decided:").table(table).line("");
    }
    Table boundary = boundary(plan.boundary());
    if (!boundary.isEmpty()) {
      List<Tree> trees = plan.boundary().stream().map(Decisions::tree).toList();
      report.field("boundary", Tree.of(trees));
      report.line("Inputs and outputs of the model:").table(boundary).line("");
    }
  }

  /** Returns the decisions on inputs and outputs as rows; none where there is none. */
  static Table boundary(List<PlannedBoundary> decisions) {
    Table table = new Table("BOUNDARY", "INTEGERS", "DECIDED BY");
    decisions.forEach(at -> table.row(at.point(), integers(at), at.decidedBy()));
    return table;
  }

  private static String integers(PlannedBoundary at) {
    return at.group().isPresent() ? "yes" : "no";
  }

  private static Tree tree(PlannedBoundary at) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put(Tree.of(at.point().side()).asText(), Tree.of(at.point().name()));
    fields.put("integers", Tree.of(at.group().isPresent()));
    fields.put("decidedBy", Tree.of(at.decidedBy()));
    return Tree.of(fields);
  }

  static String quantized(PlannedNode node) {
    return node.quantized() ? "yes" : "no";
  }

  /** Returns the reason or the rule, and the selector that decided where that does not say it. */
  static String why(PlannedNode node) {
    String why = node.reason().orElseGet(() -> "rule " + node.rule().orElse(""));
    String who = node.decidedBy();
    return NO_SELECTOR.contains(who) || why.contains(who) ? why : why + "; " + who;
  }

  private static Tree tree(PlannedNode node) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("name", Tree.of(node.name()));
    fields.put("op", Tree.of(node.op()));
    fields.put("quantized", Tree.of(node.quantized()));
    fields.put("decidedBy", Tree.of(node.decidedBy()));
    return Tree.of(fields);
  }
}
