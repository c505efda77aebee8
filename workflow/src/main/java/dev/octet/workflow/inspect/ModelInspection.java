package dev.octet.workflow.inspect;

import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Provenance;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.qdq.QdqGraph;
import dev.octet.api.tree.Position;
import dev.octet.api.tree.Tree;
import dev.octet.kernels.execute.ModelCheck;
import dev.octet.kernels.execute.ReferenceRuntime;
import dev.octet.kernels.execute.SupportedOperators;
import dev.octet.kernels.infer.ShapeInference;
import dev.octet.kernels.lower.LoweringReport;
import dev.octet.kernels.lower.QdqLowering;
import dev.octet.kernels.operators.OperatorSet;
import dev.octet.kernels.operators.Operators;
import dev.octet.workflow.boundary.IntegerBoundary;
import dev.octet.workflow.data.ClassList;
import dev.octet.workflow.data.DataReport;
import dev.octet.workflow.provenance.Claims;
import dev.octet.workflow.report.NodeTable;
import dev.octet.workflow.report.Report;
import dev.octet.workflow.report.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Says what is in a model, and which of its operators the cpu runtime runs. */
final class ModelInspection {

  private static final String IN_FLOAT = "no operand or result is quantized";

  private final Model model;
  private final PointGroups points;
  private final Map<String, String> refusals;
  private final OperatorSet known;
  private final Report report = new Report();

  private ModelInspection(Model model, OperatorSet known) {
    this.model = model;
    this.known = known;
    Graph typed = ShapeInference.infer(model, known);
    ModelCheck.requireForm(typed, model.opsets());
    this.points = new PointGroups(typed);
    this.refusals = SupportedOperators.refusalsWithSubgraphs(model, known);
  }

  static Report of(Model model, OperatorSet known) {
    return new ModelInspection(model, known).report();
  }

  private Report report() {
    Graph graph = model.graph();
    long constants = graph.initializers().values().stream().mapToLong(Tensor::byteCount).sum();
    Map<String, Tree> opsets = new LinkedHashMap<>();
    model.opsets().forEach((domain, version) -> opsets.put(domain, Tree.of((long) version)));
    report.field("kind", Tree.of("model"));
    values("inputs", graph.inputs());
    values("outputs", graph.outputs());
    IntegerBoundary.of(model).addTo(report);
    report.field("opsets", Tree.of(opsets)).field("constantBytes", Tree.of(constants));
    report.line("operator sets: " + model.opsets().toString().replace("{=", "{ai.onnx="));
    report.line("constants: " + Report.bytes(constants));
    Origin.addFields(report, model);
    provenance();
    claims();
    report.add(DataReport.names(ClassList.of(model)));
    operators();
    refusedNodes();
    nodes();
    lowering();
    return report;
  }

  private void values(String what, List<ValueInfo> values) {
    List<Tree> trees = new ArrayList<>();
    Table table = new Table(what.toUpperCase(Locale.ROOT), "TYPE");
    for (ValueInfo value : values) {
      Map<String, Tree> fields = new LinkedHashMap<>();
      fields.put("name", Tree.of(value.name()));
      fields.put(
          "type",
          Tree.of(
              value.tensorType().map(t -> t.dataType().name()).orElse(value.type().toString())));
      value
          .tensorType()
          .flatMap(type -> type.shape())
          .ifPresent(shape -> fields.put("shape", shape(shape)));
      trees.add(Tree.of(fields));
      table.row(value.name(), value.type());
    }
    report.field(what, Tree.of(trees)).table(table).line("");
  }

  private static Tree shape(Shape shape) {
    List<Tree> sizes = new ArrayList<>();
    for (Dimension dimension : shape.dimensions()) {
      sizes.add(
          dimension.isKnown()
              ? Tree.of(dimension.known().getAsLong())
              : dimension.symbol().map(Tree::of).orElseGet(() -> new Tree.Null(Position.ROOT)));
    }
    return Tree.of(sizes);
  }

  /** Which plan the model is from, and whose its nodes are, where its metadata says it. */
  private void provenance() {
    Optional<Provenance> from = Provenance.of(model);
    if (from.isEmpty()) {
      return;
    }
    report.line(
        "converted by plan %s of backend '%s'"
            .formatted(from.get().planHash(), from.get().backend()));
    NodeTable table = new NodeTable("NODE", "OPERATOR", "RULE", "BACKEND");
    for (Node node : model.graph().nodesWithSubgraphs()) {
      Provenance.of(node)
          .ifPresent(owner -> table.row(node.name(), node.op(), owner.rule(), owner.backend()));
    }
    report.line("").table(table);
  }

  /** What the model says of where it came from. */
  private void claims() {
    Map<String, Tree> claims = Claims.of(model).toTree().entries();
    if (claims.isEmpty()) {
      return;
    }
    report.line("").line("What the file says of where it came from:");
    claims.forEach(
        (key, value) -> value.asText().lines().forEach(line -> report.line(key + " " + line)));
  }

  private void operators() {
    Map<OpType, Integer> counts = new TreeMap<>();
    Map<OpType, String> reasons = new LinkedHashMap<>();
    for (Node node : model.graph().nodesWithSubgraphs()) {
      counts.merge(node.op(), 1, Integer::sum);
      String refusal = refusals.get(node.name());
      if (refusal != null) {
        reasons.putIfAbsent(node.op(), refusal);
      }
    }
    Table table = new Table("OPERATOR", "NODES", "RUNS", "ON INTEGERS", "REASON");
    List<Tree> trees = new ArrayList<>();
    counts.forEach(
        (op, count) -> {
          String reason = reasons.getOrDefault(op, "");
          String onIntegers = Operators.onIntegers(op).map(OpType::toString).orElse("");
          table.row(op, count, reason.isEmpty() ? "yes" : "no", onIntegers, reason);
          trees.add(operator(op, count, onIntegers, reason));
        });
    report.field("operators", Tree.of(trees)).line("").table(table);
  }

  private static Tree operator(OpType op, int count, String onIntegers, String reason) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("op", Tree.of(op.toString()));
    fields.put("count", Tree.of(count));
    fields.put("runs", Tree.of(reason.isEmpty()));
    if (!reason.isEmpty()) {
      fields.put("reason", Tree.of(reason));
    }
    if (!onIntegers.isEmpty()) {
      fields.put("onIntegers", Tree.of(onIntegers));
    }
    return Tree.of(fields);
  }

  private void refusedNodes() {
    NodeTable table = new NodeTable("NODE", "OPERATOR", "REASON");
    for (Node node : model.graph().nodesWithSubgraphs()) {
      String refusal = refusals.get(node.name());
      if (refusal != null) {
        table.row(node.name(), node.op(), refusal);
      }
    }
    if (!table.isEmpty()) {
      report.line("").line("Nodes that are not run:").table(table);
    }
  }

  private void nodes() {
    List<Tree> trees = new ArrayList<>();
    Table table = new Table("NODE", "POINT", "TENSOR", "GROUP", "TYPE", "PARAMETERS");
    for (Node node : model.graph().nodes()) {
      if (!points.isConversion(node)) {
        List<PointGroups.Entry> operands = points.operands(node);
        List<PointGroups.Entry> results = points.results(node);
        operands.forEach(entry -> row(table, node, "operand " + entry.index(), entry));
        results.forEach(entry -> row(table, node, "result " + entry.index(), entry));
        trees.add(tree(node, operands, results));
      }
    }
    report.field("nodes", Tree.of(trees)).field("parameters", points.parameters());
    if (!table.isEmpty()) {
      report.line("").line("Quantized points:").table(table);
    }
  }

  private Tree tree(Node node, List<PointGroups.Entry> operands, List<PointGroups.Entry> results) {
    boolean quantized = !operands.isEmpty() || !results.isEmpty();
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("name", Tree.of(node.name()));
    fields.put("op", Tree.of(node.op().toString()));
    fields.put("quantized", Tree.of(quantized));
    Provenance.of(node)
        .ifPresent(
            owner -> {
              fields.put("rule", Tree.of(owner.rule()));
              fields.put("backend", Tree.of(owner.backend()));
            });
    if (!quantized) {
      fields.put("reason", Tree.of(refusals.getOrDefault(node.name(), IN_FLOAT)));
    }
    fields.put("decidedBy", Tree.of("model"));
    fields.put("operands", Tree.of(operands.stream().map(PointGroups::tree).toList()));
    fields.put("results", Tree.of(results.stream().map(PointGroups::tree).toList()));
    return Tree.of(fields);
  }

  /** What the cpu runtime makes of a model that is quantized. */
  private void lowering() {
    LoweringReport lowering = QdqLowering.lower(model, known).report();
    boolean quantized = model.graph().nodes().stream().anyMatch(QdqGraph::isConversion);
    if (!quantized && lowering.integerCount() == 0) {
      return;
    }
    List<Tree> nodes = new ArrayList<>();
    NodeTable table = new NodeTable("NODE", "OPERATOR", "RUNS AS", "WHY");
    for (LoweringReport.Entry entry : lowering.entries()) {
      String runsAs = entry.integerOp().map(OpType::toString).orElse("float");
      table.row(entry.node(), entry.op(), runsAs, entry.reason());
      nodes.add(tree(entry));
    }
    Map<String, Tree> fields = new LinkedHashMap<>();
    String kernels = new ReferenceRuntime().toString();
    fields.put("runtime", Tree.of("cpu"));
    fields.put("kernels", Tree.of(kernels));
    fields.put("integerNodes", Tree.of(lowering.integerCount()));
    fields.put("floatNodes", Tree.of(lowering.floatEntries().size()));
    fields.put("nodes", Tree.of(nodes));
    report.field("lowering", Tree.of(fields)).line("");
    report.line(
        "The cpu runtime (%s) runs %s of %s nodes on integers:"
            .formatted(kernels, lowering.integerCount(), nodes.size()));
    report.table(table);
  }

  private static Tree tree(LoweringReport.Entry entry) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("name", Tree.of(entry.node()));
    fields.put("op", Tree.of(entry.op().toString()));
    entry.integerOp().ifPresent(op -> fields.put("integerOp", Tree.of(op.toString())));
    fields.put("reason", Tree.of(entry.reason()));
    return Tree.of(fields);
  }

  private static void row(Table table, Node node, String point, PointGroups.Entry entry) {
    table.row(
        node.name(),
        point,
        entry.tensor(),
        entry.group(),
        entry.parameters().type(),
        PointGroups.words(entry.parameters()));
  }
}
