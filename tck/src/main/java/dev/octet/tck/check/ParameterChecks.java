package dev.octet.tck.check;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.qdq.QdqGraph;
import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.ScaleGrid;
import dev.octet.api.spec.ScaleGridKind;
import dev.octet.api.spec.Scheme;
import dev.octet.kernels.quantize.ScaleGrids;
import dev.octet.tck.graphs.Composition;
import dev.octet.tck.subject.ConvertedComposition;
import dev.octet.tck.subject.Subject;
import dev.octet.workflow.convert.QuantizedModel;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlannedGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Whether the parameters and integers of converted models are what was declared and marked. */
final class ParameterChecks {
  /** Operators that move values and compute nothing. */
  private static final Set<String> MOVING =
      Set.of(
          "Reshape",
          "Flatten",
          "Transpose",
          "Squeeze",
          "Unsqueeze",
          "Identity",
          "Slice",
          "MaxPool");

  /** Operators of which a small error of the operands makes a small error of the result. */
  private static final Set<String> SMOOTH =
      Set.of(
          "Add",
          "AveragePool",
          "Clip",
          "Concat",
          "Conv",
          "ConvTranspose",
          "Elu",
          "Flatten",
          "Gather",
          "Gelu",
          "Gemm",
          "GlobalAveragePool",
          "GlobalMaxPool",
          "HardSigmoid",
          "HardSwish",
          "Identity",
          "LeakyRelu",
          "MatMul",
          "Max",
          "MaxPool",
          "Min",
          "Mul",
          "PRelu",
          "Pad",
          "ReduceMax",
          "ReduceMean",
          "ReduceMin",
          "ReduceSum",
          "Relu",
          "Reshape",
          "Sigmoid",
          "Slice",
          "Softmax",
          "Split",
          "Squeeze",
          "Sub",
          "Tanh",
          "Transpose",
          "Unsqueeze");

  /** Fewer bits leave errors that a mistake hides in. */
  private static final int LEAST_BITS = 8;

  /**
   * How far outputs may be from float, as a part of the largest: room for observers that cut off
   * rare values, and below what a wrong axis or operand does.
   */
  private static final double MOST_DISTANCE = 0.4;

  private ParameterChecks() {}

  static List<RuleCheck> all() {
    return List.of(
        new RuleCheck("TCK-PAR-001", subject -> each(subject, ParameterChecks::requireLegal)),
        new RuleCheck("TCK-PAR-003", subject -> each(subject, ParameterChecks::requireScheme)),
        new RuleCheck("TCK-PAR-004", subject -> each(subject, ParameterChecks::requireFixed)),
        new RuleCheck("TCK-PAR-005", subject -> each(subject, ParameterChecks::requireBias)),
        new RuleCheck("TCK-PAR-006", subject -> each(subject, ParameterChecks::requireRepeatable)),
        new RuleCheck("TCK-PAR-007", subject -> each(subject, ParameterChecks::requireNear)),
        new RuleCheck("TCK-PAR-002", ParameterChecks::moving));
  }

  /** What a converted composition must show. */
  @FunctionalInterface
  private interface Demand {
    void on(Subject subject, Composition made, ConvertedComposition converted);
  }

  private static List<TckCase> each(Subject subject, Demand demand) {
    List<TckCase> cases = new ArrayList<>();
    for (Composition made : subject.plainest()) {
      if (Outputs.isRunnable(made)) {
        cases.add(TckCase.of(made.name(), () -> onConverted(subject, made, demand)));
      }
    }
    return cases;
  }

  private static void onConverted(Subject subject, Composition made, Demand demand) {
    if (isConvertible(subject.plan(made))) {
      demand.on(subject, made, converted(subject, made));
    }
  }

  /** What is found in training, and what stays float though it is claimed, is not converted. */
  static boolean isConvertible(Plan plan) {
    return !plan.groups().isEmpty()
        && plan.groups().values().stream()
            .flatMap(group -> group.spec().observed().stream())
            .noneMatch(spec -> spec.mode() == Mode.QUANTIZATION_AWARE);
  }

  private static ConvertedComposition converted(Subject subject, Composition made) {
    try {
      return subject.conversion(made);
    } catch (OctetException e) {
      throw Violation.of("it is planned and cannot be converted: %s", e.getMessage());
    }
  }

  private static void requireLegal(
      Subject subject, Composition made, ConvertedComposition converted) {
    converted
        .converted()
        .report()
        .parameters()
        .forEach(
            (id, parameters) ->
                requireLegal(where(converted, id), parameters.parameters(), type(converted, id)));
  }

  private static void requireLegal(
      String where, QuantizationParameters parameters, QuantizedType type) {
    for (int c = 0; c < parameters.count(); c++) {
      float scale = parameters.scale(c);
      if (!(scale > 0) || Float.isInfinite(scale)) {
        throw Violation.of("scale %d of %s is %s; a scale is finite and above 0", c, where, scale);
      }
      if (!parameters.isFractional()
          && (parameters.zeroPoint(c) < type.min() || parameters.zeroPoint(c) > type.max())) {
        throw Violation.of(
            "zero point %d of %s is %d, outside of %s", c, where, parameters.zeroPoint(c), type);
      }
    }
  }

  private static String where(ConvertedComposition converted, int group) {
    return String.valueOf(converted.plan().pointsByGroup().get(group));
  }

  private static QuantizedType type(ConvertedComposition converted, int group) {
    return Planned.group(converted.plan(), group).spec().type();
  }

  private static void requireScheme(
      Subject subject, Composition made, ConvertedComposition converted) {
    converted
        .converted()
        .report()
        .parameters()
        .forEach(
            (id, parameters) ->
                Planned.group(converted.plan(), id)
                    .spec()
                    .observed()
                    .ifPresent(
                        spec ->
                            requireScheme(
                                subject, where(converted, id), spec, parameters.parameters())));
  }

  private static void requireScheme(
      Subject subject,
      String where,
      QuantizationSpec.Observed spec,
      QuantizationParameters parameters) {
    Scheme scheme = spec.scheme();
    boolean symmetric =
        scheme.symmetry() == Scheme.Symmetry.SYMMETRIC && !parameters.isFractional();
    long middle =
        spec.type().storage().signed()
            ? 0
            : Math.floorDiv(spec.type().min() + spec.type().max() + 1, 2L);
    Optional<ScaleGridKind> grid = grid(subject, scheme.grid());
    for (int c = 0; c < parameters.count(); c++) {
      if (symmetric && parameters.zeroPoint(c) != middle) {
        throw Violation.of(
            "%s is symmetric, and its zero point is %d and not %d",
            where, parameters.zeroPoint(c), middle);
      }
      float scale = parameters.scale(c);
      if (grid.isPresent() && scheme.levels().isEmpty() && grid.get().atLeast(scale) != scale) {
        throw Violation.of(
            "scales of %s are to be %s, and one is %s; the next above it is %s",
            where, scheme.grid(), scale, grid.get().atLeast(scale));
      }
    }
  }

  private static Optional<ScaleGridKind> grid(Subject subject, ScaleGrid grid) {
    return grid.isAny()
        ? Optional.empty()
        : subject.provider().scaleGrids().stream()
            .filter(kind -> kind.name().equals(grid.name()))
            .findFirst()
            .or(() -> ScaleGrids.own(grid));
  }

  private static void requireFixed(
      Subject subject, Composition made, ConvertedComposition converted) {
    converted
        .plan()
        .groups()
        .forEach(
            (id, group) ->
                fixed(group.spec())
                    .ifPresent(parameters -> requireParameters(converted, id, parameters)));
  }

  private static Optional<QuantizationParameters> fixed(QuantizationSpec.Concrete spec) {
    return spec.match(
        new QuantizationSpec.ConcreteCases<Optional<QuantizationParameters>>(
            observed -> Optional.empty(),
            fixed -> Optional.of(fixed.parameters()),
            derived -> Optional.empty()));
  }

  private static void requireParameters(
      ConvertedComposition converted, int id, QuantizationParameters fixed) {
    QuantizationParameters found =
        Optional.ofNullable(converted.converted().report().parameters().get(id))
            .orElseThrow(() -> Violation.of("%s has no parameters", where(converted, id)))
            .parameters();
    if (!found.equals(fixed)) {
      throw Violation.of("%s is fixed to %s, and %s arrives", where(converted, id), fixed, found);
    }
  }

  private static void requireBias(
      Subject subject, Composition made, ConvertedComposition converted) {
    Plan plan = converted.plan();
    plan.groups()
        .forEach(
            (id, group) -> {
              if (group.spec().derivation().filter(ParameterChecks::isProduct).isPresent()) {
                Planned.points(plan, id)
                    .forEach(point -> requireSources(point, group.spec().sources()));
                requireProduct(converted, id, group.spec().sources());
              }
            });
    Graph graph = converted.converted().model().graph();
    QdqGraph file = new QdqGraph(graph);
    for (Node node : graph.nodes()) {
      for (int i = 0; i < node.operands().size(); i++) {
        Point point = Point.operand(node.name(), i);
        if (plan.group(point).flatMap(group -> group.spec().derivation()).isPresent()) {
          file.operand(node, i)
              .flatMap(value -> file.constant(value.value()))
              .ifPresent(
                  stored -> requireRoom(point, stored, plan.group(point).get().spec().type()));
        }
      }
    }
  }

  /** Its parameters say what is refused, and change no scale. */
  private static boolean isProduct(Derivation derivation) {
    return derivation.name().equals(Derivation.productOfScales().name());
  }

  /** A bias at operand 2 is added to the sum of products of operands 0 and 1. */
  private static void requireSources(Point point, List<Point> sources) {
    List<Point> own = List.of(Point.operand(point.node(), 0), Point.operand(point.node(), 1));
    if (point.equals(Point.operand(point.node(), 2)) && !sources.containsAll(own)) {
      throw Violation.of(
          "%s is derived from %s, and is added to sums of products of %s", point, sources, own);
    }
  }

  private static void requireProduct(ConvertedComposition converted, int id, List<Point> sources) {
    QuantizationParameters bias = parameters(converted, id);
    QuantizationParameters first = parameters(converted, group(converted, sources.get(0)));
    QuantizationParameters second = parameters(converted, group(converted, sources.get(1)));
    for (int c = 0; c < bias.count(); c++) {
      // The weight of a grouped ConvTranspose has the scales of one group.
      float product = first.scale(c % first.count()) * second.scale(c % second.count());
      if (bias.scale(c) != product) {
        throw Violation.of(
            "scale %d of %s is %s, and the product of the scales of %s is %s",
            c, where(converted, id), bias.scale(c), sources, product);
      }
    }
  }

  private static int group(ConvertedComposition converted, Point point) {
    return converted
        .plan()
        .group(point)
        .orElseThrow(() -> Violation.of("%s is a source and is not quantized", point))
        .id();
  }

  private static QuantizationParameters parameters(ConvertedComposition converted, int id) {
    return Objects.requireNonNull(converted.converted().report().parameters().get(id)).parameters();
  }

  private static void requireRoom(Point point, Tensor stored, QuantizedType type) {
    for (long value : stored.integers()) {
      if (value <= type.min() || value >= type.max()) {
        throw Violation.of(
            "the bias at %s does not fit: %d is at the end of %s", point, value, type);
      }
    }
  }

  private static void requireRepeatable(
      Subject subject, Composition made, ConvertedComposition converted) {
    QuantizedModel again = converted.again();
    if (!again.report().parameters().equals(converted.converted().report().parameters())) {
      throw Violation.of(
          "a second conversion from one calibration gives other parameters: %s, then %s",
          converted.converted().report().parameters(), again.report().parameters());
    }
    requireSameFile(converted.converted().model(), again.model());
  }

  private static void requireSameFile(Model first, Model second) {
    first
        .graph()
        .initializers()
        .forEach(
            (name, tensor) -> {
              Tensor other = second.graph().initializers().get(name);
              if (other == null || !tensor.data().equals(other.data())) {
                throw Violation.of("a second conversion stores another constant '%s'", name);
              }
            });
    if (!first.graph().nodes().equals(second.graph().nodes())) {
      throw Violation.of(
          "a second conversion has other nodes: %s, then %s",
          first.graph().nodes(), second.graph().nodes());
    }
  }

  private static void requireNear(
      Subject subject, Composition made, ConvertedComposition converted) {
    boolean smooth =
        made.model().graph().nodes().stream()
            .allMatch(node -> SMOOTH.contains(node.op().toString()));
    if (!smooth || bits(converted.plan()) < LEAST_BITS) {
      return;
    }
    List<Map<String, Tensor>> floats = ConvertedComposition.run(made.model(), converted.samples());
    List<Map<String, Tensor>> integers =
        ConvertedComposition.run(converted.converted().model(), converted.samples());
    double distance = Outputs.distance(floats, integers);
    if (!(distance <= MOST_DISTANCE)) {
      throw Violation.of(
          "the outputs of the converted model are %.3f of the largest float output away from"
              + " float, and %.3f is allowed; look for an operand, an axis or a fixed range that is"
              + " not that of its operator",
          distance, MOST_DISTANCE);
    }
  }

  private static int bits(Plan plan) {
    return plan.groups().values().stream()
        .mapToInt(group -> group.spec().type().storage().bits())
        .min()
        .orElse(Integer.SIZE);
  }

  private static List<TckCase> moving(Subject subject) {
    return subject.met().stream()
        .filter(
            made ->
                made.chain().size() == 1
                    && MOVING.contains(made.capability().pattern().get(0).toString()))
        .map(made -> TckCase.of(made.name(), () -> requireMoved(subject, made)))
        .toList();
  }

  private static void requireMoved(Subject subject, Composition made) {
    String name = made.chain().get(0);
    Plan plan = subject.plan(made);
    Optional<PlannedGroup> result = plan.group(Point.result(name, 0));
    Optional<PlannedGroup> operand = plan.group(Point.operand(name, 0));
    if (result.isPresent() && operand.isPresent() && result.get().id() != operand.get().id()) {
      throw Violation.of(
          "'%s' moves values, and its result has parameters of its own: operand 0 is of group %d,"
              + " result 0 of group %d; share the operand's",
          name, operand.get().id(), result.get().id());
    }
  }
}
