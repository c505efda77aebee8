package dev.octet.tck.check;

import dev.octet.api.error.NearMisses;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.operator.OperatorSignature;
import dev.octet.api.provider.Capability;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.NodeAnnotation;
import dev.octet.api.runtime.CustomOperator;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.tck.graphs.Composition;
import dev.octet.tck.graphs.Examples;
import dev.octet.tck.graphs.PlacedInMatch;
import dev.octet.tck.graphs.Variants;
import dev.octet.tck.subject.Subject;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlannedNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether a backend does what it declares, and no more. */
final class CapabilityChecks {

  /** Operators whose operands are all of one kind. */
  private static final Set<String> ALIKE =
      Set.of("Add", "Sub", "Mul", "Div", "Max", "Min", "Concat", "MatMul");

  private CapabilityChecks() {}

  static List<RuleCheck> all() {
    return List.of(
        new RuleCheck("TCK-CAP-001", CapabilityChecks::declaredIsQuantized),
        new RuleCheck("TCK-CAP-002", CapabilityChecks::outsideStaysFloat),
        new RuleCheck("TCK-CAP-003", subject -> met(subject, CapabilityChecks::requireWholeChain)),
        new RuleCheck("TCK-CAP-004", subject -> met(subject, CapabilityChecks::requireActivations)),
        new RuleCheck("TCK-CAP-005", subject -> met(subject, CapabilityChecks::requireWeight)),
        new RuleCheck("TCK-CAP-006", subject -> met(subject, CapabilityChecks::requireResult)),
        new RuleCheck("TCK-CAP-007", CapabilityChecks::operatorsExist),
        new RuleCheck("TCK-CAP-008", CapabilityChecks::coherent),
        new RuleCheck(
            "TCK-CAP-009", subject -> met(subject, CapabilityChecks::requireResultMarked)),
        new RuleCheck("TCK-CAP-010", subject -> met(subject, CapabilityChecks::requireResultType)),
        new RuleCheck("TCK-CAP-011", subject -> met(subject, DeclaredMarks::require)),
        new RuleCheck("TCK-CAP-012", CapabilityChecks::everyCapabilityIsMet),
        new RuleCheck("TCK-CAP-013", CapabilityChecks::examplesAreClaimed));
  }

  private static List<TckCase> met(Subject subject, CompositionCases.Demand demand) {
    return Stream.concat(subject.met().stream(), metBehindNormalization(subject))
        .map(made -> CompositionCases.shrinking(subject, made, demand))
        .toList();
  }

  private static Stream<Composition> metBehindNormalization(Subject subject) {
    return subject.normalized().stream().filter(made -> made.broken().isEmpty());
  }

  private static List<TckCase> declaredIsQuantized(Subject subject) {
    List<TckCase> cases = new ArrayList<>(met(subject, CapabilityChecks::requireQuantized));
    for (Composition made : subject.plainest()) {
      Variants.ofUnknownBatch(made.model())
          .filter(model -> !isFloat(made.capability()) && holds(subject, made, model))
          .ifPresent(
              model ->
                  cases.add(
                      TckCase.of(
                          "unknown-batch/" + made.name(),
                          () -> requireQuantized(subject, made, model))));
    }
    return cases;
  }

  /** Tells whether the capability's conditions hold of a variant of the model as well. */
  static boolean holds(Subject subject, Composition made, Model model) {
    AnnotatedGraph usual = subject.annotation(made);
    return PlacedInMatch.holds(
        made.capability(),
        model.graph(),
        made.chain(),
        point -> Declared.isQuantized(usual, point));
  }

  private static void requireQuantized(Subject subject, Composition made, Model model) {
    PlannedNode first = Planned.node(subject.plan(model), made.chain().get(0));
    if (first.rule().isEmpty()) {
      throw Violation.of(
          "the capability %s holds for node '%s' also where the batch size is not known, and the"
              + " backend leaves it in float there: %s",
          made.capability(), first.name(), first.reason().orElse("without a reason"));
    }
  }

  /** What has neither quantized activations nor constants is claimed to stay float. */
  static void requireQuantized(Subject subject, Composition made) {
    if (isFloat(made.capability())) {
      requireClaimed(subject.annotation(made), made.chain().get(0), made.capability());
      return;
    }
    Plan plan = subject.plan(made);
    PlannedNode first = Planned.node(plan, made.chain().get(0));
    if (first.rule().isEmpty()) {
      throw Violation.of(
          "the capability %s holds for node '%s', and the backend leaves it in float: %s",
          made.capability(), first.name(), reason(subject, made, first));
    }
  }

  /** What the backend itself says goes before what is known of any backend. */
  private static String reason(Subject subject, Composition made, PlannedNode node) {
    return Optional.ofNullable(subject.annotation(made).nodes().get(node.name()))
        .flatMap(NodeAnnotation::reason)
        .or(node::reason)
        .orElse("without a reason");
  }

  private static boolean isFloat(Capability capability) {
    return capability.activation().isEmpty() && capability.weight().isEmpty();
  }

  private static void requireClaimed(AnnotatedGraph annotated, String node, Capability capability) {
    NodeAnnotation said = annotated.nodes().get(node);
    if (said != null && !said.isClaimed()) {
      throw Violation.of(
          "the capability %s holds for node '%s', and the backend does not claim it: %s",
          capability, node, said.reason().orElse("without a reason"));
    }
  }

  private static List<TckCase> outsideStaysFloat(Subject subject) {
    return Stream.of(
            subject.nearMisses(), subject.met(), subject.normalized(), subject.undeclared())
        .flatMap(List::stream)
        .map(made -> TckCase.of(made.name(), () -> requireDeclared(subject, made)))
        .toList();
  }

  static void requireDeclared(Subject subject, Composition made) {
    AnnotatedGraph annotated = subject.annotation(made);
    for (String name : made.chain()) {
      NodeAnnotation node = annotated.nodes().get(name);
      if (node != null && node.isClaimed() && isUndeclared(subject, made, node)) {
        throw Violation.of(
            "rule '%s' takes %s (%s), %s no capability declares the match",
            node.rule().orElseThrow(),
            node.match(),
            operators(annotated, node),
            made.broken()
                .map(broken -> "though " + broken.condition().words() + " does not hold and")
                .or(() -> Declared.brokenEdge(subject, annotated, node))
                .orElse("and"));
      }
    }
  }

  private static boolean isUndeclared(Subject subject, Composition made, NodeAnnotation match) {
    return Declared.of(subject, subject.annotation(made), match, made::userNodes).isEmpty();
  }

  private static List<OpType> operators(AnnotatedGraph annotated, NodeAnnotation match) {
    return match.match().stream()
        .map(name -> annotated.graph().node(name).orElseThrow().op())
        .toList();
  }

  private static void requireWholeChain(Subject subject, Composition made) {
    Marks marks = Marks.of(subject, made);
    if (!marks.isClaimedFromItsStart()) {
      return; // the rule about claims says so, or the backend rewrote the chain
    }
    List<String> match = marks.claim(0).get().match();
    if (!match.containsAll(made.chain()) && !marks.forks()) {
      throw Violation.of(
          "the chain %s is declared as a whole, and rule '%s' takes %s alone of it; mend the rule,"
              + " or declare the shorter chain",
          made.chain(), marks.claim(0).get().rule().orElseThrow(), match);
    }
  }

  private static void requireActivations(Subject subject, Composition made) {
    Marks marks = Marks.of(subject, made);
    if (!marks.isClaimedFromItsStart() || made.capability().activation().isEmpty()) {
      return;
    }
    Node first = marks.step(0).orElseThrow();
    List<Integer> incoming = marks.incoming(first);
    if (incoming.isEmpty()) {
      return;
    }
    if (incoming.get(0) == 0) {
      requireActivation(subject, made, Point.operand(first.name(), 0));
    }
    if (ALIKE.contains(first.op().toString())) {
      for (int index : incoming) {
        Point point = Point.operand(first.name(), index);
        QuantizationSpec.Concrete spec = requireMarked(subject, made, point);
        if (!first.op().is("MatMul")) {
          QuantizedType declared = made.capability().activation().orElseThrow();
          requireType(spec, declared, point, "activations are declared");
        }
      }
    }
  }

  private static void requireActivation(Subject subject, Composition made, Point point) {
    QuantizationSpec.Concrete spec = requireMarked(subject, made, point);
    QuantizedType declared = made.capability().activation().orElseThrow();
    requireType(spec, declared, point, "activations are declared");
    subject
        .annotation(made)
        .spec(point)
        .flatMap(QuantizationSpec::concrete)
        .flatMap(QuantizationSpec.Concrete::observed)
        .ifPresent(own -> requireMode(own, made.capability(), point));
  }

  /** Returns the spec of an operand, or of the value that it reads where that is defined. */
  private static QuantizationSpec.Concrete requireMarked(
      Subject subject, Composition made, Point point) {
    Graph graph = subject.annotation(made).graph();
    return Marks.spec(subject, made, point)
        .or(
            () ->
                graph
                    .node(point.node())
                    .flatMap(node -> node.operand(point.index()))
                    .flatMap(graph::definition)
                    .flatMap(definition -> Marks.spec(subject, made, definition)))
        .orElseThrow(
            () ->
                Violation.of(
                    "activations of %s are declared %s, and %s, which reads one, is not marked;"
                        + " look at the operand's index in the rule",
                    made.capability().pattern(),
                    made.capability().activation().orElseThrow(),
                    point));
  }

  private static void requireType(
      QuantizationSpec.Concrete spec, QuantizedType declared, Point point, String what) {
    if (!spec.type().equals(declared)) {
      throw Violation.of("%s %s, and %s is marked %s", what, declared, point, spec.type());
    }
  }

  private static void requireMode(
      QuantizationSpec.Observed spec, Capability capability, Point point) {
    if (spec.mode() != capability.mode()) {
      throw Violation.of(
          "the capability is declared of mode %s, and %s is marked %s",
          capability.mode(), point, spec.mode());
    }
  }

  /** A constant of weight-only is stored as integers and computed with in float, another is not. */
  private static void requireUse(
      QuantizationSpec.Observed spec, Capability capability, Point point) {
    if ((spec.mode() == Mode.WEIGHT_ONLY) != (capability.mode() == Mode.WEIGHT_ONLY)) {
      requireMode(spec, capability, point);
    }
  }

  private static void requireWeight(Subject subject, Composition made) {
    Marks marks = Marks.of(subject, made);
    if (!marks.isClaimedFromItsStart() || made.capability().weight().isEmpty()) {
      return;
    }
    QuantizedType declared = made.capability().weight().get();
    int index = marks.constants(marks.step(0).orElseThrow()).stream().findFirst().orElse(-1);
    if (index < 0) {
      return;
    }
    Point point = Point.operand(made.chain().get(0), index);
    QuantizationSpec.Concrete spec =
        Marks.spec(subject, made, point)
            .orElseThrow(
                () ->
                    Violation.of(
                        "a constant of %s is declared %s, and %s, the first constant that it"
                            + " reads, is not marked; look at the operand's index in the rule",
                        made.capability().pattern(), declared, point));
    requireType(spec, declared, point, "the constant is declared");
    spec.observed().ifPresent(own -> requireUse(own, made.capability(), point));
    Granularity stated =
        statedFor(marks, index, made.capability().weightGranularity().orElseThrow());
    spec.observed()
        .filter(observed -> !observed.granularity().equals(stated))
        .ifPresent(
            observed -> {
              throw Violation.of(
                  "the constant is declared %s, and %s is marked %s",
                  stated, point, observed.granularity());
            });
  }

  /**
   * A capability states the axis that the operator has when neither an attribute nor a stack of
   * matrices moves it: 1 for the output channels of a matrix and 0 for what is summed. The
   * attribute transB of Gemm swaps them, and the matrices of a MatMul are the last two axes.
   *
   * @param index the operand of the constant
   */
  static Granularity statedFor(Marks marks, int index, Granularity declared) {
    Node node = marks.step(0).orElseThrow();
    int rank =
        marks
            .type(node.operands().get(index))
            .flatMap(TensorType::shape)
            .map(Shape::rank)
            .orElse(2);
    boolean swapped = node.op().is("Gemm") && node.intAttribute("transB", 0) != 0;
    boolean stacked = node.op().is("MatMul") && rank > 2;
    if (!swapped && !stacked) {
      return declared;
    }
    int outputs = swapped ? 0 : rank - 1;
    int summed = swapped ? 1 : rank - 2;
    return declared.match(
        new Granularity.Cases<Granularity>(
            tensor -> tensor,
            channel -> channel.axis() == 1 ? new Granularity.PerChannel(outputs) : channel,
            group -> group.axis() == 0 ? new Granularity.PerGroup(summed, group.size()) : group,
            block -> block,
            token -> token));
  }

  private static void requireResult(Subject subject, Composition made) {
    Marks marks = Marks.of(subject, made);
    if (!marks.isClaimedFromItsStart() || !marks.claim(0).get().match().containsAll(made.chain())) {
      return;
    }
    for (String step : made.chain()) {
      Point inner = Point.result(step, 0);
      if (!step.equals(made.end())
          && !marks.isReadOutside(step)
          && Marks.spec(subject, made, inner).isPresent()) {
        throw Violation.of(
            "%s lies inside the match %s, which is computed as one, and is marked all the same",
            inner, made.chain());
      }
    }
  }

  private static void requireResultMarked(Subject subject, Composition made) {
    Marks marks = Marks.of(subject, made);
    if (!marks.isClaimedFromItsStart()
        || made.capability().activation().isEmpty()
        || made.capability().mode() == Mode.DYNAMIC) {
      return;
    }
    for (Point point : marks.leaving()) {
      if (Marks.spec(subject, made, point).isEmpty()) {
        throw Violation.of(
            "activations of %s are declared %s, and %s, which leaves the match, is not marked; look"
                + " at the result's index in the rule",
            made.capability().pattern(), made.capability().activation().get(), point);
      }
    }
  }

  private static void requireResultType(Subject subject, Composition made) {
    Marks marks = Marks.of(subject, made);
    if (!marks.isClaimedFromItsStart() || made.capability().activation().isEmpty()) {
      return;
    }
    QuantizedType declared =
        made.capability()
            .result()
            .map(QuantizationSpec.Concrete::type)
            .orElse(made.capability().activation().get());
    for (Point point : marks.leaving()) {
      Marks.spec(subject, made, point)
          .ifPresent(
              spec -> {
                requireType(spec, declared, point, "activations are declared");
                requireOneScale(spec, made.capability(), point);
              });
    }
  }

  /** A capability states a granularity of constants alone. */
  private static void requireOneScale(
      QuantizationSpec.Concrete spec, Capability capability, Point point) {
    spec.observed()
        .filter(observed -> capability.mode() == Mode.STATIC)
        .filter(observed -> !observed.granularity().equals(new Granularity.PerTensor()))
        .ifPresent(
            observed -> {
              throw Violation.of(
                  "static activations have one scale and zero point, and %s is marked %s",
                  point, observed.granularity());
            });
  }

  private static List<TckCase> operatorsExist(Subject subject) {
    Set<OpType> own =
        subject.provider().operators().stream().map(CustomOperator::op).collect(Collectors.toSet());
    Set<String> onnx = OperatorSignature.onnx().keySet();
    List<TckCase> cases = new ArrayList<>();
    for (OpType op :
        subject.capabilities().stream().flatMap(c -> c.pattern().stream()).distinct().toList()) {
      cases.add(
          TckCase.of(
              op.toString().toLowerCase(Locale.ROOT),
              () -> {
                if (!own.contains(op) && op.domain().isEmpty() && !onnx.contains(op.name())) {
                  throw Violation.of(
                      "a capability names the operator '%s', which ONNX does not have; did you"
                          + " mean %s?",
                      op, NearMisses.of(op.name(), onnx));
                }
              }));
    }
    return cases;
  }

  /** One case, so that a report names every capability that nothing is tested of. */
  private static List<TckCase> everyCapabilityIsMet(Subject subject) {
    return List.of(TckCase.of("every-capability", () -> requireMet(subject)));
  }

  private static void requireMet(Subject subject) {
    Set<Capability> met =
        Stream.concat(subject.met().stream(), metBehindNormalization(subject))
            .map(Composition::capability)
            .collect(Collectors.toSet());
    List<String> untested = new ArrayList<>();
    for (int i = 0; i < subject.capabilities().size(); i++) {
      Capability capability = subject.capabilities().get(i);
      if (capability.boundary().isEmpty()
          && capability.examples().isEmpty()
          && !met.contains(capability)) {
        untested.add(
            String.format(
                Locale.ROOT, "c%02d %s (%s)", i, capability.pattern(), subject.obstacle(i)));
      }
    }
    if (!untested.isEmpty()) {
      throw Violation.of(
          "of %d of %d capabilities nothing is tested, since no graph that the kit composes meets"
              + " them: %s; give the capability an example",
          untested.size(), subject.capabilities().size(), String.join("; ", untested));
    }
  }

  private static List<TckCase> examplesAreClaimed(Subject subject) {
    List<TckCase> cases = new ArrayList<>();
    for (int i = 0; i < subject.capabilities().size(); i++) {
      Capability capability = subject.capabilities().get(i);
      for (int j = 0; j < capability.examples().size(); j++) {
        Capability.Example example = capability.examples().get(j);
        String name = String.format(Locale.ROOT, "c%02d/example%d", i, j);
        cases.add(TckCase.of(name, () -> requireClaimed(subject, capability, example)));
      }
    }
    return cases;
  }

  private static void requireClaimed(
      Subject subject, Capability capability, Capability.Example example) {
    for (Capability.StepCondition broken : Examples.broken(capability, example)) {
      throw Violation.of(
          "in the example of %s, the condition '%s' does not hold for node '%s'",
          capability.pattern(), broken.condition().words(), example.nodes().get(broken.step()));
    }
    AnnotatedGraph annotated = subject.annotate(example.model());
    requireClaimed(annotated, example.nodes().get(0), capability);
    List<String> match =
        Optional.ofNullable(annotated.nodes().get(example.nodes().get(0)))
            .map(NodeAnnotation::match)
            .orElse(List.of());
    if (!match.isEmpty() && !match.containsAll(example.nodes())) {
      throw Violation.of(
          "the example of %s names the nodes %s, and the backend claims %s alone of them",
          capability.pattern(), example.nodes(), match);
    }
  }

  private static List<TckCase> coherent(Subject subject) {
    List<TckCase> cases = new ArrayList<>();
    for (int i = 0; i < subject.capabilities().size(); i++) {
      int number = i;
      Capability capability = subject.capabilities().get(i);
      cases.add(
          TckCase.of(
              String.format(Locale.ROOT, "c%02d", i),
              () -> requireCoherent(subject, capability, number)));
    }
    return cases;
  }

  private static void requireCoherent(Subject subject, Capability capability, int number) {
    if (capability.mode() == Mode.WEIGHT_ONLY && capability.weight().isEmpty()) {
      throw Violation.of("%s quantizes constants alone, and declares none", capability);
    }
    if (capability.mode() == Mode.WEIGHT_ONLY && capability.activation().isPresent()) {
      throw Violation.of("%s quantizes constants alone, and declares activations", capability);
    }
    if (subject.capabilities().indexOf(capability) != number) {
      throw Violation.of("%s is declared twice", capability);
    }
  }
}
