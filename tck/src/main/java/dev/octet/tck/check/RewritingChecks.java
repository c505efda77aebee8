package dev.octet.tck.check;

import dev.octet.annotation.policy.BoundaryRule;
import dev.octet.annotation.policy.Policy;
import dev.octet.annotation.policy.Selector;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.runtime.Parallelism;
import dev.octet.kernels.execute.GraphExecutor;
import dev.octet.kernels.execute.SupportedOperators;
import dev.octet.kernels.infer.ShapeInference;
import dev.octet.kernels.operators.OperatorSet;
import dev.octet.tck.graphs.Variants;
import dev.octet.tck.subject.Rewriting;
import dev.octet.tck.subject.Subject;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.plan.Plan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.IntStream;

/** Whether a backend keeps what it rewrites. */
final class RewritingChecks {

  /**
   * How far a float may be from that of the graph as it was, as a part of the largest of the
   * output: some roundings of float32, as sums in another order have.
   */
  private static final double MOST_DISTANCE = 0x1p-20;

  private RewritingChecks() {}

  static List<RuleCheck> all() {
    return List.of(
        new RuleCheck("TCK-TRF-001", subject -> all(subject, RewritingChecks::requireSameEnds)),
        new RuleCheck("TCK-TRF-002", subject -> all(subject, RewritingChecks::requireWhole)),
        new RuleCheck("TCK-TRF-003", subject -> all(subject, RewritingChecks::requireAccounted)),
        new RuleCheck("TCK-TRF-004", subject -> each(subject, RewritingChecks::requireSameFloats)),
        new RuleCheck("TCK-TRF-005", subject -> each(subject, RewritingChecks::requireSettled)),
        new RuleCheck("TCK-TRF-006", RewritingChecks::inTurn),
        new RuleCheck("TCK-TRF-007", RewritingChecks::bodies));
  }

  /** What a rewritten graph must show. */
  @FunctionalInterface
  private interface Demand {
    void on(Subject subject, Rewriting rewriting);
  }

  /** Graphs that the backend fails on are those of the rules that take {@link #all}. */
  private static List<Rewriting> rewritten(Subject subject) {
    return subject.rewritings().stream().filter(made -> made.edited().isPresent()).toList();
  }

  private static List<TckCase> each(Subject subject, Demand demand) {
    return rewritten(subject).stream()
        .map(made -> Answered.on(made.name(), () -> demand.on(subject, made)))
        .toList();
  }

  /** As {@link #each}, where a graph that the backend fails on breaks the rule. */
  private static List<TckCase> all(Subject subject, Demand demand) {
    return subject.rewritings().stream()
        .map(
            made ->
                Answered.on(
                    made.name(),
                    () -> {
                      if (made.failure().isPresent()) {
                        throw Violation.of("it cannot be rewritten: %s", made.failure().get());
                      }
                      demand.on(subject, made);
                    }))
        .toList();
  }

  private static OperatorSet operators(Subject subject) {
    return OperatorSet.with(subject.provider().operators());
  }

  private static Quantizer quantizer(Subject subject) {
    return subject.provider().create(subject.options());
  }

  private static void requireSameEnds(Subject subject, Rewriting made) {
    Graph before = made.before().graph();
    requireSame("inputs", before.inputs(), made.after().inputs());
    requireSame("outputs", before.outputs(), made.after().outputs());
  }

  private static void requireSame(String what, List<ValueInfo> before, List<ValueInfo> after) {
    if (!Rewriting.ends(before).equals(Rewriting.ends(after))) {
      throw Violation.of(
          "the %s were %s, and are %s", what, Rewriting.ends(before), Rewriting.ends(after));
    }
  }

  private static void requireWhole(Subject subject, Rewriting made) {
    requireDefined(made.after(), Set.of());
    OperatorSet operators = operators(subject);
    Model after = made.before().withGraph(made.after());
    if (SupportedOperators.refusals(made.before(), operators).isEmpty()) {
      SupportedOperators.refusals(after, operators)
          .forEach(
              (node, why) -> {
                throw Violation.of("node '%s' cannot be run in float: %s", node, why);
              });
    }
    requireTrueTypes(made, operators);
  }

  private static void requireDefined(Graph graph, Set<String> around) {
    Set<String> known = new HashSet<>(around);
    known.add("");
    known.addAll(graph.initializers().keySet());
    graph.inputs().forEach(input -> known.add(input.name()));
    for (Node node : graph.nodes()) {
      for (String operand : node.operands()) {
        if (!known.contains(operand)) {
          throw Violation.of(
              "node '%s' reads '%s', which nothing before it defines", node.name(), operand);
        }
      }
      node.subgraphs().forEach(body -> requireDefined(body, known));
      known.addAll(node.results());
    }
    for (ValueInfo output : graph.outputs()) {
      if (!known.contains(output.name())) {
        throw Violation.of("output '%s' is defined by nothing", output.name());
      }
    }
  }

  /** A type that stays from before, of a value that is another one now, is found by nobody else. */
  private static void requireTrueTypes(Rewriting made, OperatorSet operators) {
    Model bare = made.before().withGraph(made.after().withValues(Map.of()));
    Map<String, ValueInfo> inferred = ShapeInference.infer(bare, operators).values();
    made.after()
        .values()
        .forEach(
            (name, stated) -> {
              ValueInfo found = inferred.get(name);
              if (found != null && contradict(stated, found)) {
                throw Violation.of(
                    "value '%s' is stated to be %s, and is %s", name, stated.type(), found.type());
              }
            });
  }

  private static boolean contradict(ValueInfo stated, ValueInfo found) {
    return stated.tensorType().isPresent()
        && found.tensorType().isPresent()
        && (stated.tensorType().get().dataType() != found.tensorType().get().dataType()
            || (found.tensorType().get().shape().filter(shape -> shape.isKnown()).isPresent()
                && stated.tensorType().get().shape().filter(shape -> shape.isKnown()).isPresent()
                && !stated.type().equals(found.type())));
  }

  private static void requireAccounted(Subject subject, Rewriting made) {
    Set<String> before = names(made.before().graph());
    Set<String> after = names(made.after());
    SortedMap<String, List<String>> replaced = made.edited().orElseThrow().mapping().replaced();
    for (Map.Entry<String, List<String>> entry : replaced.entrySet()) {
      if (!before.contains(entry.getKey())) {
        throw Violation.of(
            "its mapping says what became of '%s', which was not there", entry.getKey());
      }
      if (after.contains(entry.getKey()) && !entry.getValue().contains(entry.getKey())) {
        throw Violation.of(
            "its mapping says that '%s' became %s, and it is still there",
            entry.getKey(), entry.getValue());
      }
    }
    for (String name : before) {
      for (String now : made.edited().orElseThrow().mapping().currentNames(name)) {
        if (!after.contains(now)) {
          throw Violation.of(
              "by its mapping '%s' is '%s' now, which the new graph has not", name, now);
        }
      }
    }
    requireExcluded(subject, made, before);
  }

  private static Set<String> names(Graph graph) {
    Set<String> names = new HashSet<>();
    graph.nodesWithSubgraphs().forEach(node -> names.add(node.name()));
    return names;
  }

  /** Whoever excludes every node by its name excludes what became of them. */
  private static void requireExcluded(Subject subject, Rewriting made, Set<String> before) {
    Policy.Builder policy =
        Policy.builder()
            .boundary(BoundaryRule.of(Point.Side.INPUT, "*", BoundaryRule.Form.FLOAT))
            .boundary(BoundaryRule.of(Point.Side.OUTPUT, "*", BoundaryRule.Form.FLOAT));
    before.stream().sorted().forEach(name -> policy.exclude(Selector.node(name)));
    Plan plan =
        Quantization.plan(
            QuantizationRequest.of(made.before(), subject.provider())
                .options(subject.options())
                .policy(policy.build()));
    for (int group : plan.groups().keySet()) {
      throw Violation.of(
          "every node of the user's model is excluded, and %s is quantized: its mapping does not"
              + " say whose work the node does",
          Planned.points(plan, group).get(0));
    }
  }

  private static void requireSameFloats(Subject subject, Rewriting made) {
    OperatorSet operators = operators(subject);
    if (!SupportedOperators.refusals(made.before(), operators).isEmpty()) {
      return;
    }
    Model after = made.before().withGraph(made.after());
    Model typed = after.withGraph(ShapeInference.infer(after, operators));
    Map<String, Map<String, Tensor>> samples =
        FloatSamples.of(made.before().graph(), subject.seed());
    try (GraphExecutor original = executor(made.before(), operators);
        GraphExecutor rewritten = executor(typed, operators)) {
      samples.forEach(
          (sample, inputs) -> requireSame(sample, original.run(inputs), rewritten.run(inputs)));
    }
  }

  private static GraphExecutor executor(Model model, OperatorSet operators) {
    return GraphExecutor.of(model, operators, Parallelism.threads(1));
  }

  private static void requireSame(
      String sample, Map<String, Tensor> before, Map<String, Tensor> after) {
    before.forEach(
        (name, expected) -> {
          Tensor found = after.get(name);
          if (found == null || !found.shape().equals(expected.shape())) {
            throw Violation.of(
                "output '%s' is of sizes %s, then %s",
                name, expected.shape(), found == null ? "none" : found.shape());
          }
          if (expected.dataType().equals(found.dataType()) && !expected.equals(found)) {
            requireNear(sample, name, expected.floats(), found.floats());
          }
        });
  }

  /** What overflows or is no number before may be anything afterwards. */
  private static void requireNear(String sample, String output, float[] before, float[] after) {
    double largest = 0;
    for (float value : before) {
      largest = Float.isFinite(value) ? Math.max(largest, Math.abs((double) value)) : largest;
    }
    for (int i = 0; i < before.length; i++) {
      double distance = Math.abs((double) before[i] - after[i]);
      if (Float.isFinite(before[i]) && !(distance <= MOST_DISTANCE * largest)) {
        throw Violation.of(
            "the rewritten graph gives another float on %s data: element %d of output '%s' was"
                + " %s, and is %s, where the largest was %s",
            sample, i, output, before[i], after[i], largest);
      }
    }
  }

  private static void requireSettled(Subject subject, Rewriting made) {
    GraphEditor.Edited again = quantizer(subject).transformForAnnotation(made.after());
    if (!Rewriting.same(made.after(), again.graph())) {
      throw Violation.of(
          "the rewritten graph is rewritten again: %s, then %s",
          text(made.after()), text(again.graph()));
    }
  }

  private static String text(Graph graph) {
    return graph.nodesWithSubgraphs().stream()
        .map(node -> node.name() + " = " + node.op() + node.operands())
        .toList()
        .toString();
  }

  /** Each model behind the next other one, so that what is kept of one shows in the other. */
  private static List<TckCase> inTurn(Subject subject) {
    List<Rewriting> all = rewritten(subject);
    List<TckCase> cases = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      Rewriting made = all.get(i);
      Rewriting other = nextOther(all, i);
      cases.add(Answered.on(made.name(), () -> requireAlone(subject, made, other)));
    }
    return cases;
  }

  private static Rewriting nextOther(List<Rewriting> all, int index) {
    return IntStream.range(1, all.size())
        .mapToObj(step -> all.get((index + step) % all.size()))
        .filter(other -> !other.plain().equals(all.get(index).plain()))
        .findFirst()
        .orElse(all.get(index));
  }

  private static void requireAlone(Subject subject, Rewriting made, Rewriting other) {
    Quantizer used = quantizer(subject);
    used.transformForAnnotation(other.before().graph());
    requireEqual(made, used, "after another graph");
    requireEqual(made, used, "after the same graph");
    requireEqual(made, quantizer(subject), "by another instance");
  }

  private static void requireEqual(Rewriting made, Quantizer quantizer, String when) {
    GraphEditor.Edited again = quantizer.transformForAnnotation(made.before().graph());
    if (!Rewriting.same(made.after(), again.graph())
        || !made.edited().orElseThrow().mapping().equals(again.mapping())) {
      throw Violation.of(
          "%s it is rewritten otherwise: %s, then %s",
          when, text(made.after()), text(again.graph()));
    }
  }

  private static List<TckCase> bodies(Subject subject) {
    return rewritten(subject).stream()
        .filter(made -> made.variant().isEmpty())
        .map(made -> Answered.on(made.name(), () -> requireInside(subject, made)))
        .toList();
  }

  private static void requireInside(Subject subject, Rewriting plain) {
    Graph inside = Variants.insideIf(plain.before()).graph();
    Graph after = quantizer(subject).transformForAnnotation(inside).graph();
    if (Rewriting.same(inside, after)) {
      throw Violation.of(
          "it is rewritten, and not where it stands in the branches of an If: %s",
          text(plain.before().graph()));
    }
    for (Graph branch : after.nodes().get(0).subgraphs()) {
      if (branch.nodes().size() != plain.after().nodes().size()) {
        throw Violation.of(
            "it is rewritten to %s, and in a branch of an If to %s",
            text(plain.after()), text(branch));
      }
    }
  }
}
