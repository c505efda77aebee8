package dev.octet.workflow.inspect;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.runtime.CustomOperator;
import dev.octet.api.tree.Tree;
import dev.octet.kernels.operators.OperatorSet;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.calibrate.GroupStatistics;
import dev.octet.workflow.calibrate.Observers;
import dev.octet.workflow.data.DataReport;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlanDocument;
import dev.octet.workflow.plan.PlannedNode;
import dev.octet.workflow.report.NodeTable;
import dev.octet.workflow.report.Report;
import dev.octet.workflow.report.Table;
import dev.octet.workflow.run.NamedRuntime;
import java.util.List;
import java.util.Map;

/** Shows what is in models, plans and calibrations. */
public final class Inspection {

  private Inspection() {}

  /** Returns what is in a model of Octet's own operators, and how the reference kernels run it. */
  public static Report of(Model model) {
    return of(model, List.of());
  }

  /**
   * Returns what is in a model, and how the reference kernels run it.
   *
   * @param operators the operators that backends bring, as {@link NamedRuntime#operators} has them
   * @throws OctetException {@code OCT-GRAPH-005} if a node has operands, results or attributes that
   *     its operator does not have
   */
  public static Report of(Model model, List<CustomOperator> operators) {
    return ModelInspection.of(model, OperatorSet.with(operators));
  }

  /** Returns how much of a model a plan quantizes, and who decided. */
  public static Report of(Plan plan) {
    Report report = new Report();
    Coverage.of(plan).addTo(report, plan.document().backend());
    Decisions.addTo(report, plan);
    return report.findings(plan.findings());
  }

  /** Returns the decisions of a plan file. */
  public static Report of(PlanDocument plan) {
    Report report = new Report().field("kind", Tree.of("plan")).fields(plan.toTree());
    report.line("plan for backend '%s'".formatted(plan.backend())).line("");
    NodeTable table = new NodeTable("NODE", "OPERATOR", "QUANTIZED", "WHY");
    for (PlannedNode node : plan.nodes()) {
      table.row(node.name(), node.op(), Decisions.quantized(node), Decisions.why(node));
    }
    Table boundary = Decisions.boundary(plan.boundary());
    report.table(table);
    return (boundary.isEmpty() ? report : report.line("").table(boundary))
        .findings(plan.findings());
  }

  /**
   * Returns what a calibration saw.
   *
   * @param observers the observers that it names
   */
  public static Report of(Calibration calibration, Observers observers) {
    Tree.Mapping tree = calibration.toTree(observers);
    Map<String, Tree> parameters = tree.get("parameters").asMapping().entries();
    Report report = new Report().field("kind", Tree.of("calibration")).fields(tree);
    report.line(
        "calibration on %s samples, run on %s, content hash %s"
            .formatted(calibration.samples(), calibration.runtime(), calibration.contentHash()));
    Table table = new Table("GROUP", "OBSERVER", "MIN", "MAX", "TENSORS");
    int index = 0;
    for (Map.Entry<String, Tree> named : parameters.entrySet()) {
      Tree.Mapping seen = named.getValue().asMapping();
      GroupStatistics group = calibration.groups().get(index++);
      table.row(
          named.getKey(),
          group.group().spec().observer().name(),
          first(seen, "observedMin"),
          first(seen, "observedMax"),
          String.join(", ", group.group().values()));
    }
    return report
        .line("")
        .table(table)
        .add(DataReport.names(calibration.classNames()))
        .findings(calibration.findings());
  }

  /** Returns the first number of a list, with dots when there are more. */
  private static String first(Tree.Mapping seen, String field) {
    List<Tree> items = seen.find(field).map(Tree::asItems).orElse(List.of());
    String more = items.size() > 1 ? " ..." : "";
    return items.isEmpty() ? "" : items.get(0).asNumber() + more;
  }
}
