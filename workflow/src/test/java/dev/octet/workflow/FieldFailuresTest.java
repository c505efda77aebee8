package dev.octet.workflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octet.annotation.ComposableQuantizer;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.observer.Extremes;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.ObserverPlan;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Scheme;
import dev.octet.api.spec.Storage;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.calibrate.GroupStatistics;
import dev.octet.workflow.calibrate.ObservedGroup;
import dev.octet.workflow.calibrate.SeenSamples;
import dev.octet.workflow.convert.QuantizedModel;
import dev.octet.workflow.normalise.Models;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.text.JsonText;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/**
 * Corner cases of annotation in which the field's own quantization API fails or accepts what it
 * should not, each with the outcome that it has here.
 */
class FieldFailuresTest {

  private static final QuantizedType INT8 = QuantizedType.of(Storage.INT8);
  private static final QuantizationSpec A = observed(INT8, ObserverSpec.minMax());
  private static final QuantizationSpec A_ENTROPY = observed(INT8, ObserverSpec.entropy());
  private static final QuantizationSpec B =
      observed(QuantizedType.of(Storage.UINT8), ObserverSpec.minMax());
  private static final Point CONV = Point.result("conv", 0);
  private static final Point TO_RELU = Point.operand("relu", 0);
  private static final Point RELU = Point.result("relu", 0);
  private static final Point TO_SIGMOID = Point.operand("sigmoid", 0);
  private static final Point SIGMOID = Point.result("sigmoid", 0);

  /** By section and situation, as the list of cases names them. */
  private final Map<String, Executable> cases = new LinkedHashMap<>();

  @TestFactory
  Stream<DynamicTest> hasADefinedOutcomeForEveryCase() {
    sharing();
    implicitSharing();
    points();
    specs();
    insertion();
    observers();
    composition();
    return cases.entrySet().stream().map(e -> DynamicTest.dynamicTest(e.getKey(), e.getValue()));
  }

  @Test
  void leavesNoCaseOfTheListOut() {
    String goldens = System.getProperty("octet.goldens", "");
    Path file = Path.of(goldens).resolve("backends/failures.json");
    assumeTrue(
        !goldens.isEmpty() && Files.exists(file),
        "the golden results are absent: set the system property octet.goldens");
    Set<String> listed = new LinkedHashSet<>();
    for (Tree one : JsonText.read(file).asMapping().get("cases").asItems()) {
      String section = one.asMapping().get("section").asText();
      if (section.startsWith("1.")) {
        listed.add(section + " " + one.asMapping().get("situation").asText());
      }
    }
    hasADefinedOutcomeForEveryCase().close();
    assertTrue(listed.size() > 40, listed.size() + " cases");
    assertEquals(new TreeSet<>(listed), new TreeSet<>(cases.keySet()));
  }

  private void sharing() {
    cases.put(
        "1.7 Shared -> edge that is not annotated",
        () -> refused("OCT-RES-001", row(), Map.of(RELU, shared(TO_RELU))));
    cases.put(
        "1.7 Shared -> node output that is not annotated",
        () -> refused("OCT-RES-001", row(), Map.of(RELU, shared(CONV))));
    cases.put(
        "1.7 Shared cycle of two edges, no concrete spec",
        () ->
            refused(
                "OCT-RES-003",
                siblings(),
                Map.of(TO_RELU, shared(TO_SIGMOID), TO_SIGMOID, shared(TO_RELU))));
    cases.put(
        "1.7 Shared cycle of two outputs, no concrete spec",
        () -> refused("OCT-RES-003", row(), Map.of(RELU, shared(SIGMOID), SIGMOID, shared(RELU))));
    cases.put(
        "1.7 Shared edge -> itself",
        () -> refused("OCT-RES-003", row(), Map.of(TO_RELU, shared(TO_RELU))));
    cases.put(
        "1.7 Shared output -> itself",
        () -> refused("OCT-RES-003", row(), Map.of(RELU, shared(RELU))));
    cases.put(
        "1.7 Shared anchor later in graph order (outputs)",
        () -> groups(row(), Map.of(RELU, shared(SIGMOID), SIGMOID, A), Set.of(RELU, SIGMOID)));
    cases.put(
        "1.7 Shared anchor later in graph order (sibling edges of one producer)",
        () ->
            groups(
                siblings(),
                Map.of(TO_RELU, shared(TO_SIGMOID), TO_SIGMOID, A),
                Set.of(TO_RELU, TO_SIGMOID)));
    cases.put(
        "1.7 Derived refers to a later output",
        () ->
            groups(
                row(), Map.of(RELU, derived(SIGMOID), SIGMOID, A), Set.of(RELU), Set.of(SIGMOID)));
    cases.put(
        "1.7 Shared chain of 600 single-operand nodes (link each to the one before)",
        () -> assertEquals(1, chain(600, -1).groups().size()));
    cases.put(
        "1.7 Shared chain of 1200 outputs, each linked to the next, concrete spec last",
        () -> assertEquals(1, chain(1200, 1).groups().size()));
  }

  private void implicitSharing() {
    // A tensor whose uses have unequal specs has a group for each, and is requantized.
    cases.put(
        "1.7 explicit Shared links an int8 group, then an edge annotated uint8 of the same tensor",
        () ->
            groups(
                row(),
                Map.of(CONV, A, TO_RELU, A, RELU, shared(TO_RELU), TO_SIGMOID, B, SIGMOID, B),
                Set.of(CONV, TO_RELU, RELU),
                Set.of(TO_SIGMOID),
                Set.of(SIGMOID)));
    cases.put(
        "1.7 Shared edge joins an int8 anchor while its tensor's own output is annotated uint8",
        () ->
            groups(
                row(),
                Map.of(CONV, A, RELU, B, TO_SIGMOID, shared(CONV)),
                Set.of(CONV, TO_SIGMOID),
                Set.of(RELU)));
    cases.put(
        "1.7 implicit sharing of a MinMax edge and a Histogram edge of one tensor",
        () ->
            groups(
                siblings(),
                Map.of(TO_RELU, A, TO_SIGMOID, A_ENTROPY),
                Set.of(TO_RELU),
                Set.of(TO_SIGMOID)));
    cases.put(
        "1.7 implicit sharing: Fixed edge and plain edge of one tensor, equal dtype and range",
        () ->
            groups(
                siblings(),
                Map.of(TO_RELU, QuantizationSpec.Fixed.of(INT8, 0.5f, 0), TO_SIGMOID, A),
                Set.of(TO_RELU),
                Set.of(TO_SIGMOID)));
    cases.put(
        "1.7 opt-out by one of two consumers (leaky)",
        () -> {
          Map<Point, QuantizationSpec> marks = Map.of(CONV, A, TO_RELU, A, TO_SIGMOID, A);
          Plan plan = MarkingQuantizer.plan(siblings(), marks, TO_RELU);
          assertEquals(Set.of(Set.of(TO_RELU), Set.of(CONV, TO_SIGMOID)), groups(plan, marks));
        });
    cases.put(
        "1.7 opt-out by both consumers",
        () -> {
          Map<Point, QuantizationSpec> marks = Map.of(CONV, A, TO_RELU, A, TO_SIGMOID, A);
          Plan plan = MarkingQuantizer.plan(siblings(), marks, TO_RELU, TO_SIGMOID);
          assertEquals(
              Set.of(Set.of(TO_RELU), Set.of(CONV), Set.of(TO_SIGMOID)), groups(plan, marks));
        });
  }

  private void points() {
    cases.put(
        "1.2 x + x annotated twice with different specs (dict keyed by producer)",
        () ->
            groups(
                sum("x"),
                Map.of(Point.operand("add", 0), A, Point.operand("add", 1), B),
                Set.of(Point.operand("add", 0)),
                Set.of(Point.operand("add", 1))));
    // A number is a constant, and an operand as any other, with the opt-out or without.
    cases.put("1.2 literal as key of input_qspec_map", () -> constantOperand());
    cases.put(
        "1.2 literal as key of input_qspec_map, allow_implicit_sharing=False",
        () -> constantOperand(Point.operand("add", 1)));
    cases.put(
        "1.2 key of input_qspec_map is a node that is not an input",
        () -> refused("OCT-ANN-007", sum("x"), Map.of(Point.operand("add", 2), A)));
    cases.put(
        "1.2 None edge next to a quantized sibling edge",
        () -> {
          Map<Point, QuantizationSpec> marks =
              Map.of(TO_RELU, new QuantizationSpec.KeepFloat("wide"), TO_SIGMOID, A);
          Graph graph = convert(siblings(), marks).model().graph();
          assertEquals(List.of("c"), graph.node("relu").orElseThrow().operands());
          assertEquals(List.of("c_dequantized"), graph.node("sigmoid").orElseThrow().operands());
        });
  }

  private void specs() {
    cases.put(
        "1.2 QuantizationSpec quant_min > quant_max",
        () -> impossible(() -> new QuantizedType(Storage.INT8, 5, -5)));
    cases.put(
        "1.2 QuantizationSpec quant_min == quant_max, prepared",
        () -> impossible(() -> new QuantizedType(Storage.INT8, 5, 5)));
    cases.put(
        "1.2 QuantizationSpec ch_axis = -1",
        () -> impossible(() -> new Granularity.PerChannel(-1)));
    cases.put(
        "1.2 Fixed scale -1.0, converted",
        () -> impossible(() -> QuantizationSpec.Fixed.of(INT8, -1f, 0)));
    cases.put(
        "1.2 Fixed scale nan, converted",
        () -> impossible(() -> QuantizationSpec.Fixed.of(INT8, Float.NaN, 0)));
    cases.put(
        "1.2 Fixed zero point 500 outside -128..127, converted",
        () -> impossible(() -> QuantizationSpec.Fixed.of(INT8, 0.5f, 500)));
    cases.put(
        "1.2 Fixed without quant_min/quant_max, converted",
        () -> {
          // A type always has a range; that of the storage unless another one is given.
          QuantizationSpec fixed =
              QuantizationSpec.Fixed.of(QuantizedType.of(Storage.INT8), 0.5f, 3);
          Graph graph = convert(row(), Map.of(RELU, fixed)).model().graph();
          Node quantize = graph.node("r_QuantizeLinear").orElseThrow();
          assertEquals(0.5f, constant(graph, quantize, 1).floats()[0]);
          assertEquals(3, constant(graph, quantize, 2).bytes()[0]);
        });
    cases.put(
        "1.2 Fixed is_dynamic=True",
        () -> {
          // Parameters that are known beforehand have no mode, and ask for no calibration.
          Plan plan =
              MarkingQuantizer.plan(row(), Map.of(RELU, QuantizationSpec.Fixed.of(INT8, 1f, 0)));
          assertEquals(List.of(), plan.observedGroups());
        });
  }

  private void insertion() {
    cases.put(
        "1.8 node in kwargs of an annotated node (output annotated only)",
        () -> {
          Model model =
              new Models()
                  .input("x", 2)
                  .input("low")
                  .node("clip", "Clip", List.of("x", "low"), "y")
                  .output("y", 1)
                  .model(13);
          Graph graph = convert(model, Map.of(Point.result("clip", 0), A)).model().graph();
          assertEquals(List.of("x", "low"), graph.node("clip").orElseThrow().operands());
          assertTrue(graph.node("y_QuantizeLinear").isPresent());
        });
    cases.put(
        "1.8 output spec on a multi-output op (split)",
        () -> {
          Model model =
              new Models()
                  .input("x", 2)
                  .node(Node.of("split", OpType.onnx("Split"), List.of("x"), List.of("p", "q")))
                  .output("p", 1)
                  .output("q", 1)
                  .model(11);
          Map<Point, QuantizationSpec> marks =
              Map.of(Point.result("split", 0), A, Point.result("split", 1), B);
          Graph graph = convert(model, marks).model().graph();
          assertTrue(graph.node("p_QuantizeLinear").isPresent());
          assertTrue(graph.node("q_QuantizeLinear").isPresent());
        });
    cases.put(
        "1.8 un-annotated consumer and graph output of an annotated output",
        () -> {
          Model model =
              new Models()
                  .input("x", 2)
                  .node("conv", "Neg", List.of("x"), "c")
                  .node("sigmoid", "Sigmoid", List.of("c"), "s")
                  .output("c", 1)
                  .output("s", 1)
                  .model(13);
          Graph graph = convert(model, Map.of(CONV, A)).model().graph();
          assertEquals(List.of("c"), graph.node("c_DequantizeLinear").orElseThrow().results());
          assertEquals(List.of("c"), graph.node("sigmoid").orElseThrow().operands());
        });
  }

  private void observers() {
    cases.put(
        "1.9 constructor wrapped twice: MinMaxObserver.with_args(eps=..).with_args(eps=..)",
        () -> {
          // An observer is a name with parameters: the same ones are equal, however they were made.
          SortedMap<String, String> parameters = new TreeMap<>(Map.of("percent", "99.0"));
          QuantizationSpec stated = observed(INT8, new ObserverSpec("percentile", parameters));
          QuantizationSpec made = observed(INT8, ObserverSpec.percentile(99));
          groups(
              siblings(), Map.of(TO_RELU, stated, TO_SIGMOID, made), Set.of(TO_RELU, TO_SIGMOID));
        });
    cases.put(
        "1.9 ch_axis on a class whose name lacks PerChannel is dropped",
        () -> {
          QuantizationSpec channels =
              QuantizationSpec.Observed.of(INT8)
                  .withScheme(Scheme.symmetric())
                  .withGranularity(new Granularity.PerChannel(1));
          Model model =
              new Models()
                  .input("x", 1, 2)
                  .constant("w", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3))
                  .node("mul", "MatMul", List.of("x", "w"), "y")
                  .output("y", 2)
                  .model(13);
          Graph graph = convert(model, Map.of(Point.operand("mul", 1), channels)).model().graph();
          Node dequantize = graph.node("w_DequantizeLinear").orElseThrow();
          assertEquals(3, constant(graph, dequantize, 1).elementCount());
        });
    cases.put(
        "1.9 ch_axis on a plain MinMax subclass whose name contains PerChannel",
        () -> {
          // Names say nothing about channels; one that nobody knows is refused with the plan.
          ObserverSpec unknown = new ObserverSpec("PerChannelMinMax", new TreeMap<>());
          OctetException e =
              assertThrows(
                  OctetException.class,
                  () -> MarkingQuantizer.plan(row(), Map.of(RELU, observed(INT8, unknown))));
          assertEquals("OCT-CAL-001", e.id());
          assertTrue(e.fact().contains("'PerChannelMinMax'"), e.fact());
          assertTrue(e.candidates().contains("min-max"), e.candidates().toString());
        });
  }

  private void composition() {
    Quantizer relu = new MarkingQuantizer(Map.of(RELU, A), Set.of());
    Quantizer sigmoid = new MarkingQuantizer(Map.of(SIGMOID, A), Set.of());
    Quantizer otherRelu = new MarkingQuantizer(Map.of(RELU, A_ENTROPY), Set.of());
    Quantizer nothing = new MarkingQuantizer(Map.of(), Set.of());
    cases.put("1.5 second child replaces an annotation", () -> conflict(relu, otherRelu));
    // Marks cannot be taken away, and specs cannot be changed.
    cases.put(
        "1.5 second child removes an annotation",
        () -> assertEquals(Set.of(Set.of(RELU)), groups(compose(relu, nothing), RELU)));
    cases.put(
        "1.5 second child mutates the annotation in place",
        () -> {
          assertTrue(RELU.getClass().isRecord() && isImmutable(A.getClass()));
          conflict(otherRelu, relu);
        });
    cases.put(
        "1.5 second child annotates another node",
        () ->
            assertEquals(
                Set.of(Set.of(RELU), Set.of(SIGMOID)),
                groups(compose(relu, sigmoid), RELU, SIGMOID)));
    cases.put(
        "1.5 one composed quantizer used on two models",
        () -> {
          Quantizer composed = compose(relu, sigmoid);
          Plan first =
              Quantization.plan(
                  QuantizationRequest.of(row(), QuantizerProvider.of("test", composed)));
          Quantization.plan(
              QuantizationRequest.of(siblings(), QuantizerProvider.of("test", composed)));
          Plan again =
              Quantization.plan(
                  QuantizationRequest.of(row(), QuantizerProvider.of("test", composed)));
          assertEquals(first.document(), again.document());
        });
    cases.put(
        "1.5 children's transform, validate and callback",
        () -> {
          List<String> called = new ArrayList<>();
          Quantization.plan(
              QuantizationRequest.of(
                  row(), QuantizerProvider.of("test", compose(telling(called), relu))));
          assertEquals(List.of("transform", "annotate", "validate", "adjust"), called);
        });
    cases.put(
        "1.5 child whose validate raises",
        () -> {
          Quantizer composed = compose(relu, failing());
          OctetException e =
              assertThrows(
                  OctetException.class,
                  () ->
                      Quantization.plan(
                          QuantizationRequest.of(row(), QuantizerProvider.of("test", composed))));
          assertEquals("OCT-PLAN-015", e.id());
          assertTrue(e.fact().contains("ACME-CHIP-001"), e.fact());
        });
  }

  private static void conflict(Quantizer first, Quantizer second) {
    OctetException e =
        assertThrows(
            OctetException.class,
            () ->
                Quantization.plan(
                    QuantizationRequest.of(
                        row(), QuantizerProvider.of("test", compose(first, second)))));
    assertEquals("OCT-ANN-011", e.id());
    assertEquals(
        "quantizers 'first' (rule 'test') and 'second' (rule 'test') claim node 'relu'", e.fact());
    assertEquals(Optional.of("result 0 of 'relu'"), e.place());
  }

  private static Quantizer compose(Quantizer first, Quantizer second) {
    return ComposableQuantizer.of(Map.of("first", first, "second", second));
  }

  private static Quantizer telling(List<String> called) {
    return new Quantizer() {
      @Override
      public GraphEditor.Edited transformForAnnotation(Graph graph) {
        called.add("transform");
        return Quantizer.super.transformForAnnotation(graph);
      }

      @Override
      public void annotate(AnnotationContext context) {
        called.add("annotate");
      }

      @Override
      public List<Finding> validate(AnnotatedGraph graph) {
        called.add("validate");
        return List.of();
      }

      @Override
      public void adjustObservers(ObserverPlan plan) {
        called.add("adjust");
      }
    };
  }

  private static Quantizer failing() {
    return new Quantizer() {
      @Override
      public void annotate(AnnotationContext context) {}

      @Override
      public List<Finding> validate(AnnotatedGraph graph) {
        return List.of(
            new Finding(Finding.Severity.ERROR, "ACME-CHIP-001", "too deep", Optional.empty()));
      }
    };
  }

  private static void constantOperand(Point... unshared) {
    Map<Point, QuantizationSpec> marks =
        Map.of(Point.operand("add", 0), A, Point.operand("add", 1), A);
    Plan plan = MarkingQuantizer.plan(sum("six"), marks, unshared);
    assertEquals(
        Set.of(Set.of(Point.operand("add", 0)), Set.of(Point.operand("add", 1))),
        groups(plan, marks));
    Graph graph = Quantization.convert(plan, seen(plan)).model().graph();
    assertTrue(graph.node("six_DequantizeLinear").isPresent());
  }

  /** Returns the plan of a row of nodes whose results share with a neighbour. */
  private static Plan chain(int length, int neighbour) {
    Models models = new Models().input("v0", 2);
    Map<Point, QuantizationSpec> marks = new LinkedHashMap<>();
    for (int i = 0; i < length; i++) {
      models.node("n" + i, "Relu", List.of("v" + i), "v" + (i + 1));
      boolean end = i + neighbour < 0 || i + neighbour == length;
      marks.put(Point.result("n" + i, 0), end ? A : shared(Point.result("n" + (i + neighbour), 0)));
    }
    return MarkingQuantizer.plan(models.output("v" + length, 1).model(13), marks);
  }

  private static void impossible(Executable making) {
    assertThrows(IllegalArgumentException.class, making);
  }

  private static void refused(String id, Model model, Map<Point, QuantizationSpec> marks) {
    OctetException e =
        assertThrows(OctetException.class, () -> MarkingQuantizer.plan(model, marks));
    assertEquals(id, e.id());
    Point marked = new TreeSet<>(marks.keySet()).first();
    assertTrue(e.getMessage().contains("'" + marked.node() + "'"), e.getMessage());
  }

  @SafeVarargs
  private static void groups(
      Model model, Map<Point, QuantizationSpec> marks, Set<Point>... expected) {
    assertEquals(Set.of(expected), groups(MarkingQuantizer.plan(model, marks), marks));
  }

  private static Set<Set<Point>> groups(Quantizer quantizer, Point... points) {
    Map<Point, QuantizationSpec> marks = new LinkedHashMap<>();
    Arrays.stream(points).forEach(point -> marks.put(point, A));
    return groups(
        Quantization.plan(QuantizationRequest.of(row(), QuantizerProvider.of("test", quantizer))),
        marks);
  }

  private static Set<Set<Point>> groups(Plan plan, Map<Point, QuantizationSpec> marks) {
    Map<Integer, Set<Point>> members = new TreeMap<>();
    for (Point point : marks.keySet()) {
      int group = plan.group(point).orElseThrow().id();
      members.computeIfAbsent(group, g -> new LinkedHashSet<>()).add(point);
    }
    assertEquals(plan.groups().keySet(), members.keySet());
    return new LinkedHashSet<>(members.values());
  }

  private static QuantizedModel convert(Model model, Map<Point, QuantizationSpec> marks) {
    Plan plan = MarkingQuantizer.plan(model, marks);
    return Quantization.convert(plan, seen(plan));
  }

  /** Every value was seen between -1 and 1. */
  private static Calibration seen(Plan plan) {
    List<GroupStatistics> groups = new ArrayList<>();
    for (ObservedGroup group : plan.observedGroups()) {
      List<Long> elements = group.values().stream().map(v -> 2L).toList();
      groups.add(
          new GroupStatistics(
              group, elements, List.of(new Extremes(-1f, 1f, 2L * elements.size(), 0, 0))));
    }
    return new Calibration(plan.prepared().preparedHash(), SeenSamples.unknown(1), groups);
  }

  private static Tensor constant(Graph graph, Node node, int operand) {
    return Optional.ofNullable(graph.initializers().get(node.operands().get(operand)))
        .orElseThrow();
  }

  private static Model row() {
    return new Models()
        .input("x", 2)
        .node("conv", "Neg", List.of("x"), "c")
        .node("relu", "Relu", List.of("c"), "r")
        .node("sigmoid", "Sigmoid", List.of("r"), "s")
        .output("s", 1)
        .model(13);
  }

  private static Model siblings() {
    return new Models()
        .input("x", 2)
        .node("conv", "Neg", List.of("x"), "c")
        .node("relu", "Relu", List.of("c"), "r")
        .node("sigmoid", "Sigmoid", List.of("c"), "s")
        .output("r", 1)
        .output("s", 1)
        .model(13);
  }

  private static Model sum(String second) {
    return new Models()
        .input("x", 2)
        .vector("six", 6f)
        .node("add", "Add", List.of("x", second), "y")
        .output("y", 1)
        .model(13);
  }

  private static QuantizationSpec observed(QuantizedType type, ObserverSpec observer) {
    return QuantizationSpec.Observed.of(type).withObserver(observer);
  }

  private static boolean isImmutable(Class<?> type) {
    return Modifier.isFinal(type.getModifiers())
        && Stream.of(type.getDeclaredFields()).allMatch(f -> Modifier.isFinal(f.getModifiers()));
  }

  private static QuantizationSpec shared(Point with) {
    return new QuantizationSpec.Shared(with);
  }

  private static QuantizationSpec derived(Point source) {
    return new QuantizationSpec.Derived(
        QuantizedType.of(Storage.INT32), Derivation.productOfScales(), List.of(source));
  }
}
