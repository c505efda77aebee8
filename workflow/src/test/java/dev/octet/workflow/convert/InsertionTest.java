package dev.octet.workflow.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import dev.octet.api.observer.Extremes;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.Parallelism;
import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Scheme;
import dev.octet.api.spec.Storage;
import dev.octet.kernels.execute.GraphExecutor;
import dev.octet.kernels.execute.ReferenceRuntime;
import dev.octet.workflow.MarkingQuantizer;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.calibrate.GroupStatistics;
import dev.octet.workflow.calibrate.ListSource;
import dev.octet.workflow.calibrate.ObservedGroup;
import dev.octet.workflow.calibrate.SeenSamples;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.normalise.Models;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlannedGroup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Points of every position, from the plan through calibration to what the converted model gives.
 */
class InsertionTest {

  private static final QuantizedType INT8 = QuantizedType.of(Storage.INT8);
  private static final QuantizationSpec FINE = observed(QuantizedType.of(Storage.UINT8));
  private static final QuantizationSpec COARSE = observed(new QuantizedType(Storage.INT8, -8, 7));

  private static final int COLUMNS = 6;
  private static final float[] SAMPLES = samples(16 * COLUMNS);
  private static final float[] INPUT = {-0.9f, -0.31f, 0.02f, 0.123f, 0.47f, 0.88f};

  @Test
  void quantizesBothOperandsOfXPlusXEachByItsSpec() {
    Model model = model().node("add", "Add", List.of("x", "x"), "y").output("y", 2).model(13);
    Run run = run(model, Map.of(Point.operand("add", 0), FINE, Point.operand("add", 1), COARSE));
    float[] fine = run.quantized(Point.operand("add", 0), INPUT);
    float[] coarse = run.quantized(Point.operand("add", 1), INPUT);
    assertFalse(java.util.Arrays.equals(fine, coarse));
    assertArrayEquals(sum(fine, coarse), run.outputs.get("y"));
  }

  @Test
  void keepsOneOperandOfXPlusXInFloat() {
    Model model = model().node("add", "Add", List.of("x", "x"), "y").output("y", 2).model(13);
    Run run =
        run(
            model,
            Map.of(
                Point.operand("add", 0),
                COARSE,
                Point.operand("add", 1),
                new QuantizationSpec.KeepFloat("wide")));
    float[] coarse = run.quantized(Point.operand("add", 0), INPUT);
    assertArrayEquals(sum(coarse, INPUT), run.outputs.get("y"));
  }

  @Test
  void givesEveryReaderOfAnInputItsOwnSpec() {
    Model model =
        model()
            .node("a", "Neg", List.of("x"), "ya")
            .node("b", "Neg", List.of("x"), "yb")
            .node("c", "Neg", List.of("x"), "yc")
            .output("ya", 2)
            .output("yb", 2)
            .output("yc", 2)
            .model(13);
    Run run = run(model, Map.of(Point.operand("a", 0), FINE, Point.operand("b", 0), COARSE));
    assertArrayEquals(negated(run.quantized(Point.operand("a", 0), INPUT)), run.outputs.get("ya"));
    assertArrayEquals(negated(run.quantized(Point.operand("b", 0), INPUT)), run.outputs.get("yb"));
    assertArrayEquals(negated(INPUT), run.outputs.get("yc"));
  }

  @Test
  void requantizesAQuantizedResultForAReaderOfAnotherSpec() {
    // The producer gives integers of the first spec alone, so that the reader's come from those.
    Model model =
        model()
            .node("first", "Neg", List.of("x"), "v")
            .node("second", "Neg", List.of("v"), "y")
            .node("third", "Neg", List.of("v"), "z")
            .output("y", 2)
            .output("z", 2)
            .output("v", 2)
            .model(13);
    Run run =
        run(model, Map.of(Point.result("first", 0), COARSE, Point.operand("second", 0), FINE));
    float[] result = run.quantized(Point.result("first", 0), negated(INPUT));
    assertArrayEquals(result, run.outputs.get("v"));
    assertArrayEquals(negated(result), run.outputs.get("z"));
    assertArrayEquals(
        negated(run.quantized(Point.operand("second", 0), result)), run.outputs.get("y"));
  }

  @Test
  void quantizesEachResultOfASplitByItsSpec() {
    Model model =
        model()
            .constant("sizes", Tensor.of(new long[] {2, 2, 2}, 3))
            .node(
                Node.of(
                    "split",
                    OpType.onnx("Split"),
                    List.of("x", "sizes"),
                    List.of("p", "q", "r"),
                    Attribute.of("axis", 1L)))
            .node("after", "Neg", List.of("q"), "n")
            .output("p", 2)
            .output("n", 2)
            .output("r", 2)
            .model(13);
    Run run = run(model, Map.of(Point.result("split", 0), COARSE, Point.result("split", 1), FINE));
    assertArrayEquals(
        run.quantized(Point.result("split", 0), new float[] {INPUT[0], INPUT[1]}),
        run.outputs.get("p"));
    assertArrayEquals(
        negated(run.quantized(Point.result("split", 1), new float[] {INPUT[2], INPUT[3]})),
        run.outputs.get("n"));
    assertArrayEquals(new float[] {INPUT[4], INPUT[5]}, run.outputs.get("r"));
  }

  @Test
  void quantizesOptionalOperandsByTheirPosition() {
    Model model =
        model()
            .constant("high", Tensor.of(new float[] {0.25f}))
            .constant("low", Tensor.of(new float[] {-0.4f}))
            .node("above", "Clip", List.of("x", "", "high"), "a")
            .node("both", "Clip", List.of("x", "low", "high"), "b")
            .output("a", 2)
            .output("b", 2)
            .model(13);
    Run run =
        run(
            model,
            Map.of(
                Point.operand("above", 2), COARSE,
                Point.operand("both", 0), FINE,
                Point.operand("both", 1), FINE,
                Point.operand("both", 2), FINE));
    float coarse = run.quantized(Point.operand("above", 2), new float[] {0.25f})[0];
    float[] above = INPUT.clone();
    for (int i = 0; i < above.length; i++) {
      above[i] = Math.min(above[i], coarse);
    }
    assertArrayEquals(above, run.outputs.get("a"));
    float[] both = run.quantized(Point.operand("both", 0), INPUT);
    float low = run.quantized(Point.operand("both", 1), new float[] {-0.4f})[0];
    float high = run.quantized(Point.operand("both", 2), new float[] {0.25f})[0];
    for (int i = 0; i < both.length; i++) {
      both[i] = Math.max(low, Math.min(both[i], high));
    }
    assertArrayEquals(both, run.outputs.get("b"));
  }

  @Test
  void quantizesTheFloatResultOfTopKOnly() {
    Model model =
        new Models()
            .input("x", 1, COLUMNS)
            .constant("k", Tensor.of(new long[] {2}, 1))
            .node(Node.of("top", OpType.onnx("TopK"), List.of("x", "k"), List.of("v", "i")))
            .output("v", 2)
            .model(13);
    Graph graph = convertSeen(model, Map.of(Point.result("top", 0), FINE));
    assertEquals(
        List.of("top", "v_QuantizeLinear", "v_DequantizeLinear"),
        graph.nodes().stream().map(Node::name).toList());
    assertEquals(List.of("v_float", "i"), graph.node("top").orElseThrow().results());
  }

  @Test
  void quantizesTheOperandsAndResultsOfARecurrentNodeByTheirPositions() {
    Models models =
        new Models()
            .input("x", 1, 1, 2)
            .constant("w", Tensor.of(new float[8 * 2], 1, 8, 2))
            .constant("r", Tensor.of(new float[8 * 2], 1, 8, 2))
            .constant("h", Tensor.of(new float[2], 1, 1, 2))
            .node(
                Node.of(
                    "lstm",
                    OpType.onnx("LSTM"),
                    List.of("x", "w", "r", "", "", "h"),
                    List.of("", "last", "cell"),
                    Attribute.of("hidden_size", 2L)))
            .output("last", 3)
            .output("cell", 3);
    Graph graph =
        convertSeen(
            models.model(13),
            Map.of(
                Point.operand("lstm", 1), FINE,
                Point.operand("lstm", 5), FINE,
                Point.result("lstm", 2), COARSE));
    Node lstm = graph.node("lstm").orElseThrow();
    assertEquals(List.of("x", "w_dequantized", "r", "", "", "h_dequantized"), lstm.operands());
    assertEquals(List.of("", "last", "cell_float"), lstm.results());
  }

  @Test
  void storesATiedWeightOnceForEqualSpecsAndTwiceForOthers() {
    Model model =
        new Models()
            .samples("x", 1, 2, 3)
            .constant("w", Tensor.of(new float[] {0.5f}, 1, 1, 1, 1))
            .node("one", "Conv", List.of("x", "w"), "v")
            .node("two", "Conv", List.of("v", "w"), "y")
            .output("y", 4)
            .model(13);
    QuantizationSpec weight = observed(new QuantizedType(Storage.INT8, -127, 127));
    Map<Point, QuantizationSpec> marks = new LinkedHashMap<>();
    marks.put(Point.operand("one", 1), weight);
    marks.put(Point.operand("two", 1), weight);
    marks.put(Point.operand("one", 0), FINE);
    Run tied = run(model, marks);
    assertEquals(1, integers(tied.graph()));
    assertEquals(
        tied.graph().node("one").orElseThrow().operands().get(1),
        tied.graph().node("two").orElseThrow().operands().get(1));
    marks.put(Point.operand("two", 1), FINE);
    Run apart = run(model, marks);
    assertEquals(2, integers(apart.graph()));
    assertNotEquals(
        apart.graph().node("one").orElseThrow().operands().get(1),
        apart.graph().node("two").orElseThrow().operands().get(1));
  }

  @Test
  void quantizesEveryPointOfASmallNetworkAndLeavesNoNodeFloat() {
    Model model =
        model()
            .constant("w", Tensor.of(samples(COLUMNS * 3), COLUMNS, 3))
            .vector("b", 0.1f, -0.2f, 0.3f)
            .node("fc", "Gemm", List.of("x", "w", "b"), "h")
            .node("act", "Relu", List.of("h"), "r")
            .node("cat", "Concat", List.of("h", "r"), "y", Attribute.of("axis", 1L))
            .output("y", 2)
            .model(13);
    Map<Point, QuantizationSpec> marks = new LinkedHashMap<>();
    marks.put(Point.operand("fc", 0), FINE);
    marks.put(
        Point.operand("fc", 1),
        QuantizationSpec.Observed.of(new QuantizedType(Storage.INT8, -127, 127))
            .withScheme(Scheme.symmetric())
            .withGranularity(new Granularity.PerChannel(1)));
    marks.put(
        Point.operand("fc", 2),
        new QuantizationSpec.Derived(
            QuantizedType.of(Storage.INT32),
            Derivation.productOfScales(),
            List.of(Point.operand("fc", 0), Point.operand("fc", 1))));
    marks.put(Point.result("fc", 0), FINE);
    marks.put(Point.operand("act", 0), FINE);
    marks.put(Point.result("act", 0), FINE);
    marks.put(Point.operand("cat", 0), FINE);
    marks.put(Point.operand("cat", 1), new QuantizationSpec.Shared(Point.operand("cat", 0)));
    marks.put(Point.result("cat", 0), new QuantizationSpec.Shared(Point.operand("cat", 0)));
    Run run = run(model, marks);
    assertEquals(3, run.converted.report().quantizedNodes());
    assertEquals(List.of(), run.converted.report().floatNodes());
    float step =
        run.converted
            .report()
            .parameters()
            .get(run.group(Point.result("cat", 0)))
            .parameters()
            .scale(0);
    float[] simulated = run.outputs.get("y");
    float[] integer = integerOutputs(run.converted.model()).get("y");
    for (int i = 0; i < simulated.length; i++) {
      assertEquals(simulated[i], integer[i], step * 1.01f);
    }
  }

  @Test
  void sharesOneScaleAmongSeveralHundredPoints() {
    int readers = 300;
    Models models = model();
    List<String> values = new ArrayList<>();
    Map<Point, QuantizationSpec> marks = new LinkedHashMap<>();
    for (int i = 0; i < readers; i++) {
      models.node("n" + i, i % 2 == 0 ? "Relu" : "Neg", List.of("x"), "v" + i);
      values.add("v" + i);
      marks.put(Point.result("n" + i, 0), FINE);
      marks.put(Point.operand("cat", i), new QuantizationSpec.Shared(Point.result("cat", 0)));
    }
    models.node("cat", "Concat", values, "y", Attribute.of("axis", 1L)).output("y", 2);
    marks.put(Point.result("cat", 0), FINE);
    Run run = run(models.model(13), marks);
    assertEquals(1, run.plan.groups().size());
    assertEquals(readers + 1, run.plan.observedGroups().get(0).values().size());
    assertEquals(readers * COLUMNS, run.outputs.get("y").length);
  }

  @Test
  void quantizesInsideBothBranchesOfAChoice() {
    Graph then =
        new Models()
            .vector("k", 0.3f)
            .node("plus", "Add", List.of("x", "k"), "v")
            .node("turn", "Neg", List.of("v"), "o")
            .output("o", 2)
            .model(13)
            .graph();
    Graph otherwise =
        new Models()
            .node("turn2", "Neg", List.of("x"), "v")
            .node("back", "Neg", List.of("v"), "o2")
            .output("o2", 2)
            .model(13)
            .graph();
    Model model =
        model()
            .constant("zero", Tensor.of(new float[] {0f}))
            .node("sum", "ReduceSum", List.of("x"), "total", Attribute.of("keepdims", 0L))
            .node("more", "Greater", List.of("total", "zero"), "c")
            .node(
                Node.of(
                    "if",
                    OpType.onnx("If"),
                    List.of("c"),
                    List.of("y"),
                    subgraph("then_branch", then),
                    subgraph("else_branch", otherwise)))
            .output("y", 2)
            .model(13);
    Run run =
        run(
            model,
            Map.of(
                Point.operand("plus", 0), FINE,
                Point.operand("plus", 1), COARSE,
                Point.result("plus", 0), COARSE,
                Point.result("turn", 0), FINE,
                Point.result("turn2", 0), FINE));
    // Values of one name in both branches are observed apart.
    assertEquals(
        List.of(
            List.of("x"),
            List.of("if/then_branch/v"),
            List.of("if/then_branch/o"),
            List.of("if/else_branch/v")),
        run.plan.observedGroups().stream().map(ObservedGroup::values).toList());
    float k = run.quantized(Point.operand("plus", 1), new float[] {0.3f})[0];
    float[] sum = run.quantized(Point.operand("plus", 0), INPUT);
    for (int i = 0; i < sum.length; i++) {
      sum[i] += k;
    }
    float[] inside = run.quantized(Point.result("plus", 0), sum);
    assertArrayEquals(
        run.quantized(Point.result("turn", 0), negated(inside)), run.outputs.get("y"));
    assertArrayEquals(run.outputs.get("y"), integerOutputs(run.converted.model()).get("y"));
  }

  @Test
  void observesEveryIterationOfALoopAndQuantizesWhatItCarries() {
    Graph body =
        new Models()
            .input("v", 1, COLUMNS)
            .node("step", "Add", List.of("v", "x"), "s")
            .output("s", 2)
            .model(13)
            .graph();
    Graph whole =
        new Graph(
            "body",
            List.of(scalar("i", DataType.INT64), scalar("go", DataType.BOOL), body.inputs().get(0)),
            List.of(scalar("go", DataType.BOOL), body.outputs().get(0)),
            Map.of(),
            body.nodes(),
            Map.of(),
            Optional.empty());
    Model model =
        model()
            .constant("m", Tensor.of(new long[] {3}))
            .node(
                Node.of(
                    "loop",
                    OpType.onnx("Loop"),
                    List.of("m", "", "x"),
                    List.of("y"),
                    subgraph("body", whole)))
            .output("y", 2)
            .model(13);
    Run run = run(model, Map.of(Point.operand("step", 0), FINE, Point.result("step", 0), COARSE));
    float[] carried = INPUT;
    for (int i = 0; i < 3; i++) {
      float[] read = run.quantized(Point.operand("step", 0), carried);
      carried = run.quantized(Point.result("step", 0), sum(read, INPUT));
    }
    assertArrayEquals(carried, run.outputs.get("y"));
    // What was carried into the last of three iterations is three times as large as a sample.
    GroupParameters seen =
        run.converted.report().parameters().get(run.group(Point.operand("step", 0)));
    assertTrue(seen.observed().get(0).max() > 2.5f, seen.observed().toString());
  }

  @Test
  void quantizesInsideAScan() {
    Graph body =
        new Models()
            .input("h", COLUMNS)
            .input("e", COLUMNS)
            .node("next", "Add", List.of("h", "e"), "n")
            .node("give", "Neg", List.of("n"), "o")
            .output("n", 1)
            .output("o", 1)
            .model(13)
            .graph();
    Model model =
        model()
            .constant("start", Tensor.of(new float[COLUMNS], COLUMNS))
            .node(
                Node.of(
                    "scan",
                    OpType.onnx("Scan"),
                    List.of("start", "x"),
                    List.of("last", "y"),
                    Attribute.of("num_scan_inputs", 1L),
                    subgraph("body", body)))
            .output("last", 1)
            .output("y", 2)
            .model(13);
    Run run = run(model, Map.of(Point.operand("next", 1), COARSE, Point.result("give", 0), FINE));
    float[] next = run.quantized(Point.operand("next", 1), INPUT);
    assertArrayEquals(next, run.outputs.get("last"));
    assertArrayEquals(run.quantized(Point.result("give", 0), negated(next)), run.outputs.get("y"));
  }

  @Test
  void plansAModelWithoutNodesAndRefusesToConvertIt() {
    Model model = new Models().input("x", 1, COLUMNS).output("x", 2).model(13);
    Plan plan = MarkingQuantizer.plan(model, Map.of());
    assertEquals(List.of(), plan.nodes());
    assertEquals(List.of("OCT-PLAN-014"), plan.findings().stream().map(Finding::id).toList());
    OctetException e =
        assertThrows(OctetException.class, () -> Quantization.convert(plan, seen(plan)));
    assertEquals("OCT-CONV-008", e.id());
    assertEquals("the plan quantizes no node of this model, which has none", e.fact());
  }

  @Test
  void foldsANodeWhoseOperandsAreAllConstantAndQuantizesWhatItGave() {
    Model model =
        model()
            .vector("k", 0.5f)
            .node("twice", "Add", List.of("k", "k"), "c")
            .node("scale", "Mul", List.of("x", "c"), "y")
            .output("y", 2)
            .model(13);
    Run run = run(model, Map.of(Point.operand("scale", 1), COARSE));
    assertEquals(
        List.of("c_DequantizeLinear", "scale"),
        run.graph().nodes().stream().map(Node::name).toList());
    // Its own result is the constant 1, with the largest of the steps.
    assertEquals(1, integers(run.graph()));
  }

  /** A model, converted, and what the converted graph gives for the input, as it is written. */
  private record Run(Plan plan, QuantizedModel converted, Map<String, float[]> outputs) {

    private Graph graph() {
      return converted.model().graph();
    }

    private int group(Point point) {
      return plan.group(point).orElseThrow().id();
    }

    /** Returns the elements as the parameters of a point's group round them. */
    private float[] quantized(Point point, float[] elements) {
      PlannedGroup group = plan.group(point).orElseThrow();
      QuantizedType type = ((QuantizationSpec.Observed) group.spec()).type();
      var parameters = converted.report().parameters().get(group.id()).parameters();
      float scale = parameters.scale(0);
      long zero = parameters.zeroPoint(0);
      float[] rounded = new float[elements.length];
      for (int i = 0; i < rounded.length; i++) {
        long steps = (long) Math.rint((double) (elements[i] / scale)) + zero;
        rounded[i] = (Math.max(type.min(), Math.min(type.max(), steps)) - zero) * scale;
      }
      return rounded;
    }
  }

  private static Run run(Model model, Map<Point, QuantizationSpec> marks) {
    Plan plan = MarkingQuantizer.plan(model, marks);
    QuantizedModel converted = Quantization.convert(plan, calibrate(plan));
    Map<String, float[]> outputs = new LinkedHashMap<>();
    try (GraphExecutor executor = GraphExecutor.of(converted.model(), 1)) {
      executor.run(input(model)).forEach((name, tensor) -> outputs.put(name, tensor.floats()));
    }
    return new Run(plan, converted, outputs);
  }

  private static Map<String, float[]> integerOutputs(Model model) {
    Map<String, float[]> outputs = new LinkedHashMap<>();
    try (ExecutableModel loaded =
        new ReferenceRuntime().load(LoadRequest.of(model, Parallelism.threads(1)))) {
      loaded.run(input(model)).forEach((name, tensor) -> outputs.put(name, tensor.floats()));
    }
    return outputs;
  }

  private static Map<String, Tensor> input(Model model) {
    int rank =
        model.graph().inputs().get(0).tensorType().orElseThrow().shape().orElseThrow().rank();
    return Map.of("x", rank == 4 ? Tensor.of(INPUT, 1, 1, 2, 3) : Tensor.of(INPUT, 1, COLUMNS));
  }

  private static Calibration calibrate(Plan plan) {
    int rank =
        plan.prepared()
            .model()
            .graph()
            .inputs()
            .get(0)
            .tensorType()
            .orElseThrow()
            .shape()
            .orElseThrow()
            .rank();
    long[] sizes = rank == 4 ? new long[] {1, 2, 3} : new long[] {COLUMNS};
    return Quantization.calibrate(
        plan, new ListSource(SAMPLES, OptionalInt.empty(), sizes), Execution.threads(1));
  }

  /** Converts a model that is not run: every value was seen between -1 and 1. */
  private static Graph convertSeen(Model model, Map<Point, QuantizationSpec> marks) {
    Plan plan = MarkingQuantizer.plan(model, marks);
    return Quantization.convert(plan, seen(plan)).model().graph();
  }

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

  private static Attribute subgraph(String name, Graph graph) {
    return new Attribute(name, new Attribute.GraphValue(graph), Optional.empty());
  }

  private static ValueInfo scalar(String name, DataType type) {
    return ValueInfo.of(name, ValueType.TensorType.of(type, Shape.of()));
  }

  private static Models model() {
    return new Models().samples("x", COLUMNS);
  }

  private static QuantizationSpec observed(QuantizedType type) {
    return QuantizationSpec.Observed.of(type);
  }

  /** Returns numbers between -1 and 1. */
  private static float[] samples(int count) {
    Random random = new Random(5);
    float[] samples = new float[count];
    for (int i = 0; i < count; i++) {
      samples[i] = 2 * random.nextFloat() - 1;
    }
    return samples;
  }

  private static long integers(Graph graph) {
    return graph.initializers().entrySet().stream()
        .filter(e -> e.getKey().contains("_quantized"))
        .filter(e -> e.getValue().dataType() != DataType.FLOAT)
        .count();
  }

  private static float[] negated(float[] elements) {
    float[] negated = new float[elements.length];
    for (int i = 0; i < negated.length; i++) {
      negated[i] = -elements[i];
    }
    return negated;
  }

  private static float[] sum(float[] a, float[] b) {
    float[] sum = new float[a.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = a[i] + b[i];
    }
    return sum;
  }
}
