package dev.octet.tck.check;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.OutputChannels;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.NodeAnnotation;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.tck.graphs.Breadth;
import dev.octet.tck.graphs.Composition;
import dev.octet.tck.graphs.PlacedInMatch;
import dev.octet.tck.graphs.Variants;
import dev.octet.tck.subject.Subject;
import dev.octet.workflow.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether marks are legal, on composed models and on what is made of them. */
final class AnnotationChecks {
  /** Derived integers are sums of products and need as many bits. */
  private static final int BIAS_BITS = 32;

  /** How many nodes of a deep model stand behind each other. */
  private static final int DEPTH = 20_000;

  private static final Set<OpType> KEEPING_SIZES =
      Stream.of("Relu", "Sigmoid", "Tanh", "HardSwish", "LeakyRelu", "Gelu", "Erf", "Softmax")
          .map(OpType::onnx)
          .collect(Collectors.toUnmodifiableSet());

  private static final Set<String> WITH_BIAS = Set.of("Conv", "ConvTranspose", "Gemm");
  private static final Set<String> WITH_OUTPUT_CHANNELS =
      Set.of("Conv", "ConvTranspose", "Gemm", "MatMul");

  private AnnotationChecks() {}

  static List<RuleCheck> all() {
    return List.of(
        new RuleCheck("TCK-ANN-001", subject -> each(subject, AnnotationChecks::requireResolves)),
        new RuleCheck("TCK-ANN-002", subject -> each(subject, AnnotationChecks::requireNoError)),
        new RuleCheck("TCK-ANN-003", AnnotationChecks::nonFloat),
        new RuleCheck("TCK-ANN-004", subject -> eachGroup(subject, AnnotationChecks::requireAxis)),
        new RuleCheck(
            "TCK-ANN-005", subject -> eachGroup(subject, AnnotationChecks::requireScalesOfSums)),
        new RuleCheck("TCK-ANN-006", AnnotationChecks::ownSources),
        new RuleCheck("TCK-ANN-007", AnnotationChecks::tied),
        new RuleCheck("TCK-ANN-008", AnnotationChecks::inSubgraph),
        new RuleCheck("TCK-ANN-009", AnnotationChecks::unusual));
  }

  /** What a marked point must show. */
  @FunctionalInterface
  private interface PointDemand {
    void on(Place place, Point point, QuantizationSpec.Concrete spec);
  }

  /** Where points stand. */
  private record Place(AnnotatedGraph annotated, GraphValues values) {
    Optional<GraphValues.Value> value(Point point) {
      return values.value(point);
    }

    Node node(String name) {
      return values.member(name).orElseThrow().node();
    }

    /** Returns the match that a node is of. */
    List<String> match(String node) {
      NodeAnnotation said = annotated.nodes().get(node);
      return said == null ? List.of() : said.match();
    }
  }

  private static List<TckCase> each(Subject subject, CompositionCases.Demand demand) {
    return subject.compositions().stream()
        .map(made -> CompositionCases.shrinking(subject, made, demand))
        .toList();
  }

  private static List<TckCase> eachGroup(Subject subject, PointDemand demand) {
    return each(subject, (s, made) -> onPoints(s.annotation(made), planned(s, made), demand));
  }

  private static Plan planned(Subject subject, Composition made) {
    return planned(() -> subject.plan(made));
  }

  private static Plan planned(Supplier<Plan> plan) {
    try {
      return plan.get();
    } catch (OctetException e) {
      throw Violation.of("the marks make no plan: %s", e.getMessage());
    }
  }

  private static void onPoints(AnnotatedGraph annotated, Plan plan, PointDemand demand) {
    Place place = new Place(annotated, GraphValues.of(plan.prepared().model().graph()));
    plan.pointsByGroup()
        .forEach(
            (id, points) ->
                points.forEach(point -> demand.on(place, point, Planned.group(plan, id).spec())));
  }

  private static void requireResolves(Subject subject, Composition made) {
    planned(subject, made);
    for (NodeAnnotation node : subject.annotation(made).nodes().values()) {
      if (node.isClaimed()
          && node.match().get(0).equals(node.node())
          && !marksAny(subject, made, node)) {
        throw Violation.of(
            "rule '%s' takes %s and marks nothing of it, neither quantized nor kept in float",
            node.rule().orElseThrow(), node.match());
      }
    }
  }

  private static boolean marksAny(Subject subject, Composition made, NodeAnnotation first) {
    AnnotatedGraph annotated = subject.annotation(made);
    return first.match().stream()
        .map(name -> annotated.nodes().get(name))
        .anyMatch(node -> node != null && !(node.operands().isEmpty() && node.results().isEmpty()));
  }

  private static void requireNoError(Subject subject, Composition made) {
    requireNoError(planned(subject, made));
  }

  private static void requireNoError(Plan plan) {
    for (Finding finding : plan.findings()) {
      if (finding.severity() == Finding.Severity.ERROR) {
        throw Violation.of("the plan has an error: %s: %s", finding.id(), finding.message());
      }
    }
  }

  private static List<TckCase> nonFloat(Subject subject) {
    List<TckCase> cases = new ArrayList<>();
    cases.addAll(
        each(
            subject,
            (s, made) ->
                onPoints(s.annotation(made), planned(s, made), AnnotationChecks::requireFloat)));
    for (Composition made : subject.plainest()) {
      Variants.ofWholeNumbers(made.model())
          .ifPresent(
              model ->
                  cases.add(
                      TckCase.of(
                          "whole-numbers/" + made.name(),
                          () ->
                              onPoints(
                                  subject.annotate(model),
                                  planned(() -> subject.plan(model)),
                                  AnnotationChecks::requireFloat))));
    }
    return cases;
  }

  private static void requireFloat(Place place, Point point, QuantizationSpec.Concrete spec) {
    Optional<DataType> type =
        place.value(point).flatMap(GraphValues.Value::tensorType).map(TensorType::dataType);
    if (type.isPresent() && type.get() != DataType.FLOAT) {
      throw Violation.of(
          "%s is marked %s, and what stands there is %s; only floats are quantized",
          point, spec.type(), type.get());
    }
  }

  private static void requireAxis(Place place, Point point, QuantizationSpec.Concrete spec) {
    Optional<Integer> rank = place.value(point).flatMap(GraphValues.Value::shape).map(Shape::rank);
    axis(spec)
        .filter(axis -> rank.isPresent() && axis >= rank.get())
        .ifPresent(
            axis -> {
              throw Violation.of(
                  "%s is marked along axis %d, and its value has %d axes", point, axis, rank.get());
            });
  }

  private static Optional<Integer> axis(QuantizationSpec.Concrete spec) {
    return granularity(spec)
        .flatMap(
            granularity ->
                granularity.match(
                    new Granularity.Cases<Optional<Integer>>(
                        tensor -> Optional.empty(),
                        channel -> Optional.of(channel.axis()),
                        group -> Optional.of(group.axis()),
                        block -> Optional.empty(),
                        token -> Optional.empty())));
  }

  private static Optional<Granularity> granularity(QuantizationSpec.Concrete spec) {
    return spec.match(
        new QuantizationSpec.ConcreteCases<Optional<Granularity>>(
            observed -> Optional.of(observed.granularity()),
            fixed -> Optional.of(fixed.granularity()),
            derived -> Optional.empty()));
  }

  private static void requireScalesOfSums(
      Place place, Point point, QuantizationSpec.Concrete spec) {
    requireOutputChannels(place, point, spec);
    requireOneScaleForSummed(place, point, spec);
  }

  /** What flows into a product is summed along its channels, which need one scale. */
  private static void requireOneScaleForSummed(
      Place place, Point point, QuantizationSpec.Concrete spec) {
    Optional<Granularity> granularity =
        granularity(spec).filter(Granularity.PerChannel.class::isInstance);
    if (point.isBoundary()
        || point.side() != Point.Side.OPERAND
        || point.index() != 0
        || granularity.isEmpty()) {
      return;
    }
    Node node = place.node(point.node());
    Optional<Shape> shape = place.value(point).flatMap(GraphValues.Value::shape);
    if (shape.isEmpty() || !WITH_OUTPUT_CHANNELS.contains(node.op().toString())) {
      return;
    }
    int summed =
        node.op().is("MatMul")
            ? shape.get().rank() - 1
            : node.op().is("Gemm") && node.intAttribute("transA", 0) == 1 ? 0 : 1;
    if (granularity.get().equals(new Granularity.PerChannel(summed))) {
      throw Violation.of(
          "%s is marked %s, and %s sums along axis %d: sums of one output would mix scales",
          point, granularity.get(), node.op(), summed);
    }
  }

  private static void requireOutputChannels(
      Place place, Point point, QuantizationSpec.Concrete spec) {
    if (point.side() != Point.Side.OPERAND || point.index() != 1) {
      return;
    }
    Node node = place.node(point.node());
    Optional<Shape> shape = place.value(point).flatMap(GraphValues.Value::shape);
    Optional<Granularity> granularity =
        granularity(spec).filter(Granularity.PerChannel.class::isInstance);
    if (granularity.isEmpty()
        || shape.isEmpty()
        || !WITH_OUTPUT_CHANNELS.contains(node.op().toString())) {
      return;
    }
    if (node.op().is("MatMul") && shape.get().rank() == 1) {
      throw Violation.of(
          "%s is a vector, all of which MatMul sums, and it is marked %s: give it one scale, or ask"
              + " for a matrix, as Conditions.rankIn does",
          point, granularity.get());
    }
    int outputs = OutputChannels.axis(node, () -> shape.get().rank());
    if (!granularity.get().equals(new Granularity.PerChannel(outputs))) {
      throw Violation.of(
          "the output channels of %s run along axis %d of %s (group = %d, transB = %d), and it is"
              + " marked %s: sums of one output would mix scales",
          node.op(),
          outputs,
          point,
          node.intAttribute("group", 1),
          node.intAttribute("transB", 0),
          granularity.get());
    }
  }

  private static List<TckCase> ownSources(Subject subject) {
    List<TckCase> cases = new ArrayList<>(eachGroup(subject, AnnotationChecks::requireOwnSources));
    for (Composition made : subject.plainest()) {
      Model twice = Variants.beside(made.model(), made.model(), false);
      cases.add(
          TckCase.of(
              "twice/" + made.name(),
              () ->
                  onPoints(
                      subject.annotate(twice),
                      planned(() -> subject.plan(twice)),
                      AnnotationChecks::requireOwnSources)));
    }
    return cases;
  }

  private static void requireOwnSources(Place place, Point point, QuantizationSpec.Concrete spec) {
    if (spec.derivation().isEmpty()) {
      requireWideBias(place, point, spec);
      return;
    }
    if (spec.type().storage().bits() < BIAS_BITS) {
      throw Violation.of(
          "%s is derived and stored as %s; a sum of products needs %d bits or more",
          point, spec.type(), BIAS_BITS);
    }
    for (Point source : spec.sources()) {
      if (!place.match(point.node()).contains(source.node())) {
        throw Violation.of(
            "%s is derived from %s, which is a point of another match: its scale is not that of"
                + " the sums that the bias is added to",
            point, source);
      }
      if (source.equals(point)) {
        throw Violation.of("%s is derived from itself", point);
      }
    }
  }

  /** A bias that is added to sums of products of integers is as wide as they are. */
  private static void requireWideBias(Place place, Point point, QuantizationSpec.Concrete spec) {
    if (point.side() != Point.Side.OPERAND
        || point.index() != 2
        || spec.observed().isEmpty()
        || spec.type().storage().bits() >= BIAS_BITS) {
      return;
    }
    NodeAnnotation said = place.annotated().nodes().get(point.node());
    if (said != null
        && WITH_BIAS.contains(place.node(point.node()).op().toString())
        && said.operands().keySet().containsAll(List.of(0, 1))) {
      throw Violation.of(
          "%s, a bias, is marked %s, beside operands 0 and 1 that are quantized: the sums that it"
              + " is added to need %d bits or more; derive it from them, or leave it in float",
          point, spec.type(), BIAS_BITS);
    }
  }

  /** Demands that all of the rules about single points hold, and returns what was decided. */
  private static AnnotatedGraph requireLegal(Subject subject, Model model) {
    Plan plan = planned(() -> subject.plan(model));
    AnnotatedGraph annotated = subject.annotate(model);
    onPoints(annotated, plan, AnnotationChecks::requireFloat);
    onPoints(annotated, plan, AnnotationChecks::requireAxis);
    onPoints(annotated, plan, AnnotationChecks::requireScalesOfSums);
    onPoints(annotated, plan, AnnotationChecks::requireOwnSources);
    requireNoError(plan);
    return annotated;
  }

  private static List<TckCase> tied(Subject subject) {
    return subject.plainest().stream()
        .map(made -> TckCase.of(made.name(), () -> requireTied(subject, made)))
        .toList();
  }

  private static void requireTied(Subject subject, Composition made) {
    AnnotatedGraph annotated = requireLegal(subject, Variants.tied(made.model()));
    requireSame(
        made,
        new Twin(annotated, ""),
        new Twin(annotated, "again_"),
        "the second node that reads the constants");
  }

  /** Where the nodes of a composition stand, under names with a prefix. */
  private record Twin(AnnotatedGraph annotated, String prefix) {
    Optional<NodeAnnotation> node(String name) {
      return Optional.ofNullable(annotated.nodes().get(prefix + name));
    }

    /** Returns what is decided, with the names of the composition. */
    String decision(NodeAnnotation node) {
      return AnnotationText.of(
          node, name -> name.startsWith(prefix) ? name.substring(prefix.length()) : name);
    }
  }

  private static void requireSame(Composition made, Twin first, Twin second, String what) {
    for (String name : made.chain()) {
      Optional<NodeAnnotation> one = first.node(name);
      Optional<NodeAnnotation> two = second.node(name);
      if (one.isPresent() && two.isPresent()) { // not where the backend rewrote it
        requireSame(first.decision(one.get()), second.decision(two.get()), two.get().node(), what);
      }
    }
  }

  private static void requireSame(String first, String second, String name, String what) {
    if (!first.equals(second)) {
      throw Violation.of(
          "%s, '%s', is decided otherwise than the first: that is %s; and this is %s",
          what, name, first, second);
    }
  }

  private static List<TckCase> inSubgraph(Subject subject) {
    return subject.plainest().stream()
        .map(made -> TckCase.of(made.name(), () -> requireInSubgraph(subject, made)))
        .toList();
  }

  private static void requireInSubgraph(Subject subject, Composition made) {
    AnnotatedGraph branches = requireLegal(subject, Variants.insideIf(made.model()));
    Twin first = new Twin(branches, "then_");
    requireSame(made, first, new Twin(branches, "else_"), "the node of the other branch");
    AnnotatedGraph loop = requireLegal(subject, Variants.insideLoop(made.model()));
    requireSame(made, first, new Twin(loop, "body_"), "the node in the body of a Loop");
    AnnotatedGraph scan = requireLegal(subject, Variants.insideScan(made.model()));
    requireSame(made, first, new Twin(scan, "scan_"), "the node in the body of a Scan");
    AnnotatedGraph nested = requireLegal(subject, Variants.insideIfs(made.model()));
    requireSame(made, first, new Twin(nested, "then_"), "the node in an If inside of an If");
    requireSame(made, first, new Twin(nested, "outer_else_"), "the node beside an If in a branch");
    requireAsOutside(subject, made, first);
  }

  /** Where the conditions hold in a body as they do outside, the decision is the same. */
  private static void requireAsOutside(Subject subject, Composition made, Twin inside) {
    List<String> names = made.chain().stream().map(name -> inside.prefix() + name).toList();
    if (PlacedInMatch.holds(
        made.capability(),
        inside.annotated().graph(),
        names,
        point -> Declared.isQuantized(inside.annotated(), point))) {
      Twin outside = new Twin(subject.annotation(made), "");
      requireSame(made, outside, inside, "the node in a branch of an If");
    }
  }

  private static List<TckCase> unusual(Subject subject) {
    List<TckCase> cases = new ArrayList<>();
    cases.add(TckCase.of("without-node", () -> requireLegal(subject, Variants.withoutNode())));
    if (subject.breadth() == Breadth.WHOLE) {
      cases.add(TckCase.of("deep", () -> requireDeep(subject)));
    }
    for (Composition made : subject.plainest()) {
      variant(
          subject, made, "showing-all", model -> Optional.of(Variants.showingAll(model)), cases);
      variant(subject, made, "unknown-batch", Variants::ofUnknownBatch, cases);
      variant(subject, made, "no-element", Variants::ofNoElement, cases);
      variant(subject, made, "unknown-rank", Variants::ofUnknownRank, cases);
      variant(subject, made, "four-times", model -> Optional.of(fourTimes(model)), cases);
    }
    return cases;
  }

  /** Who follows values by calls within calls goes as deep as the model. */
  private static void requireDeep(Subject subject) {
    OpType op =
        subject.plainest().stream()
            .filter(made -> made.model().graph().nodes().size() == 1)
            .map(made -> made.model().graph().nodes().get(0))
            .filter(node -> node.operands().size() == 1 && node.results().size() == 1)
            .map(Node::op)
            .filter(KEEPING_SIZES::contains)
            .findFirst()
            .orElse(OpType.onnx("Sin"));
    Model deep = Variants.inSequence(op, DEPTH, Shape.of(1, 2));
    try {
      subject.annotate(deep);
    } catch (OctetException e) {
      throw Violation.of("%d nodes of %s behind each other: %s", DEPTH, op, e.getMessage());
    }
  }

  private static Model fourTimes(Model model) {
    Model twice = Variants.beside(model, model, false);
    return Variants.beside(twice, twice, false);
  }

  private static void variant(
      Subject subject,
      Composition made,
      String name,
      Function<Model, Optional<Model>> change,
      List<TckCase> cases) {
    change
        .apply(made.model())
        .ifPresent(
            model ->
                cases.add(
                    TckCase.of(name + "/" + made.name(), () -> requireLegal(subject, model))));
  }
}
