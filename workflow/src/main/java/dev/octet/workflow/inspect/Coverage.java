package dev.octet.workflow.inspect;

import dev.octet.api.tree.Tree;
import dev.octet.workflow.convert.ConversionReport.FloatNode;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlannedNode;
import dev.octet.workflow.report.NodeTable;
import dev.octet.workflow.report.Report;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How much of a user's model is quantized.
 *
 * @param nodes number of nodes of the user's model
 * @param quantizedNodes how many of them compute on quantized values, or were folded into one that
 *     does
 * @param floatNodes the others with their reasons, in the order of the model; those that are gone
 *     count for neither, since they compute nothing when the model runs
 */
public record Coverage(int nodes, int quantizedNodes, List<FloatNode> floatNodes) {

  /** Copies the list. */
  public Coverage {
    floatNodes = List.copyOf(floatNodes);
  }

  /** Returns the coverage of a plan; nodes that the backend added are not counted. */
  public static Coverage of(Plan plan) {
    List<PlannedNode> nodes = plan.userNodes();
    List<FloatNode> floats = FloatNode.of(nodes);
    return new Coverage(nodes.size(), nodes.size() - floats.size(), floats);
  }

  /** Adds the coverage to a report. */
  public void addTo(Report report, String backend) {
    report.field("nodes", Tree.of(nodes));
    report.field("quantizedNodes", Tree.of(quantizedNodes));
    report.field("floatNodes", () -> Tree.of(floatNodes.stream().map(Coverage::tree).toList()));
    report.field("constantNodes", Tree.of(goneNodes()));
    report.line(
        "%s of %s nodes are quantized for backend '%s'%s"
            .formatted(quantizedNodes, nodes - goneNodes(), backend, gone()));
    NodeTable table = new NodeTable("NODE", "OPERATOR", "REASON");
    floatNodes.stream()
        .filter(node -> !node.gone())
        .forEach(node -> table.row(node.name(), node.op(), node.reason()));
    if (!table.isEmpty()) {
      report.line("").line("Nodes that stay float:").table(table).line("");
    }
  }

  private int goneNodes() {
    return (int) floatNodes.stream().filter(FloatNode::gone).count();
  }

  private String gone() {
    return goneNodes() == 0 ? "" : "; " + goneNodes() + " more compute nothing when it runs";
  }

  private static Tree tree(FloatNode node) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("name", Tree.of(node.name()));
    fields.put("op", Tree.of(node.op()));
    fields.put("reason", Tree.of(node.reason()));
    return Tree.of(fields);
  }
}
