package dev.octet.workflow.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.Parallelism;
import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import dev.octet.api.tree.Tree;
import dev.octet.kernels.execute.ReferenceRuntime;
import dev.octet.workflow.MarkingQuantizer;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.boundary.IntegerBoundary;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.calibrate.ListSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.normalise.Models;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlanDocument;
import dev.octet.workflow.text.JsonText;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Inputs and outputs of a model that are integers. */
class BoundaryTest {

  private static final QuantizedType INT8 = QuantizedType.of(Storage.INT8);
  private static final QuantizationSpec HALVES = QuantizationSpec.Fixed.of(INT8, 0.5f, 1);
  private static final QuantizationSpec QUARTERS = QuantizationSpec.Fixed.of(INT8, 0.25f, 0);
  private static final QuantizationSpec OBSERVED = QuantizationSpec.Observed.of(INT8);

  private static final Point X = Point.input("x");
  private static final Point Y = Point.output("y");
  private static final Point DENSE_X = Point.operand("dense", 0);
  private static final Point DENSE_W = Point.operand("dense", 1);
  private static final Point RELU_Y = Point.result("relu", 0);

  /** Relu(x w) with weights that are multiples of a quarter. */
  private static Models dense() {
    return new Models()
        .samples("x", 2)
        .constant("w", Tensor.of(new float[] {1, -2, 0.25f, 3}, 2, 2))
        .node("dense", "MatMul", List.of("x", "w"), "h")
        .node("relu", "Relu", List.of("h"), "y")
        .output("y", 2);
  }

  private static Map<Point, QuantizationSpec> marks(Object... pointsAndSpecs) {
    Map<Point, QuantizationSpec> marks = new LinkedHashMap<>();
    for (int i = 0; i < pointsAndSpecs.length; i += 2) {
      marks.put((Point) pointsAndSpecs[i], (QuantizationSpec) pointsAndSpecs[i + 1]);
    }
    return marks;
  }

  private static Model convert(Model model, Object... pointsAndSpecs) {
    return Quantization.convert(MarkingQuantizer.plan(model, marks(pointsAndSpecs))).model();
  }

  private static DataType inputType(Model model) {
    return model.graph().inputs().get(0).tensorType().orElseThrow().dataType();
  }

  private static DataType outputType(Model model, int index) {
    return model.graph().outputs().get(index).tensorType().orElseThrow().dataType();
  }

  private static List<String> ops(Model model) {
    return model.graph().nodes().stream().map(node -> node.op().name()).toList();
  }

  private static Node readerOf(Model model, String value) {
    List<Point> uses = model.graph().uses(value);
    assertEquals(1, uses.size(), value);
    return model.graph().node(uses.get(0).node()).orElseThrow();
  }

  /** Returns the metadata of inputs and outputs. */
  private static Map<String, String> told(Model model) {
    Map<String, String> told = new LinkedHashMap<>(model.metadata());
    told.keySet().removeIf(key -> !key.matches("octet\\.(input|output)\\..*"));
    return told;
  }

  private static Map<String, Tensor> run(Model model, Tensor x) {
    try (ExecutableModel loaded =
        new ReferenceRuntime().load(LoadRequest.of(model, Parallelism.threads(1)))) {
      return loaded.run(Map.of("x", x));
    }
  }

  private static Tensor int8(int... elements) {
    byte[] bytes = new byte[elements.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) elements[i];
    }
    return Tensor.of(DataType.INT8, bytes, elements.length / 2, 2);
  }

  private static void assertRefused(String id, String fact, Object... pointsAndSpecs) {
    assertRefused(dense().model(13), id, fact, pointsAndSpecs);
  }

  private static void assertRefused(Model model, String id, String fact, Object... pointsAndSpecs) {
    Map<Point, QuantizationSpec> marks = marks(pointsAndSpecs);
    OctetException e =
        assertThrows(OctetException.class, () -> MarkingQuantizer.plan(model, marks));
    assertEquals(id, e.id());
    assertEquals(fact, e.fact());
  }

  @Test
  void integersGoInAndOutOfTheFile() {
    Model model =
        convert(
            dense().model(13),
            X,
            HALVES,
            DENSE_X,
            HALVES,
            DENSE_W,
            QUARTERS,
            RELU_Y,
            QUARTERS,
            Y,
            QUARTERS);
    assertEquals(DataType.INT8, inputType(model));
    assertEquals(DataType.INT8, outputType(model, 0));
    assertEquals("DequantizeLinear", readerOf(model, "x").op().name());
    assertEquals("QuantizeLinear", model.graph().producer("y").orElseThrow().op().name());
    assertEquals(
        List.of("DequantizeLinear", "DequantizeLinear", "MatMul", "Relu", "QuantizeLinear"),
        ops(model));
    // x = (q - 1) / 2 = {1, 4}, {-64.5, 63}; x w = {2, 10}, {-48.75, 318}; y = 4 relu(x w)
    Tensor y = run(model, int8(3, 9, -128, 127)).get("y");
    assertEquals(int8(8, 40, 0, 127), y);
  }

  @Test
  void theMetadataTellsWhatTheIntegersMean() {
    Model model = convert(dense().model(13), X, HALVES, Y, QUARTERS);
    assertEquals(
        Map.of(
            "octet.input.x",
            "{ \"kind\": \"fixed\", \"type\": \"int8\", \"min\": -128, \"max\": 127, \"scale\":"
                + " 0.5, \"zeroPoint\": 1 }",
            "octet.output.y",
            "{ \"kind\": \"fixed\", \"type\": \"int8\", \"min\": -128, \"max\": 127, \"scale\":"
                + " 0.25, \"zeroPoint\": 0 }"),
        told(model));
    IntegerBoundary boundary = IntegerBoundary.of(model);
    assertEquals(Map.of(X, HALVES, Y, QUARTERS), boundary.meanings());
    Map<String, Tensor> floats = Map.of("x", Tensor.of(new float[] {1, 4, -100, 63}, 2, 2));
    Map<String, Tensor> integers = boundary.quantized(floats);
    assertEquals(Map.of("x", int8(3, 9, -128, 127)), integers);
    assertEquals(integers, boundary.quantized(integers), "integers stay as they are");
    assertArrayEquals(
        new float[] {2, 10, -32, 31.75f},
        boundary.dequantized(Map.of("y", int8(8, 40, -128, 127))).get("y").floats());
  }

  @Test
  void metadataOfAnotherTypeOrNameMeansNothing() {
    Model model = convert(dense().model(13), X, HALVES, Y, QUARTERS);
    Model floats = dense().model(13).withMetadata(model.metadata());
    assertTrue(IntegerBoundary.of(floats).isEmpty());
    assertTrue(
        IntegerBoundary.of(
                model.withMetadata(
                    Map.of(
                        "octet.input.x",
                        model.metadata().get("octet.output.y").replace("int8", "int16"))))
            .meaning(X)
            .isEmpty());
    OctetException e =
        assertThrows(
            OctetException.class,
            () ->
                IntegerBoundary.of(
                    model.withMetadata(
                        Map.of("octet.input.x", "{\"kind\": \"keep-float\", \"reason\": \"r\"}"))));
    assertEquals("OCT-TREE-005", e.id());
    assertTrue(e.place().orElseThrow().startsWith("metadata octet.input.x"), e.place().toString());
  }

  @Test
  void anInputSharesWithTheOperandsThatReadIt() {
    Plan plan =
        MarkingQuantizer.plan(
            dense().model(13),
            marks(X, OBSERVED, DENSE_X, OBSERVED, RELU_Y, OBSERVED, Y, OBSERVED));
    assertEquals(plan.group(DENSE_X), plan.group(X));
    assertEquals(plan.group(RELU_Y), plan.group(Y));
    assertFalse(plan.group(X).equals(plan.group(Y)));
    assertEquals(0, plan.group(X).orElseThrow().id(), "inputs are counted first");
    ListSource data = new ListSource(new float[] {0, 4, -1, 2}, OptionalInt.empty(), 2);
    Calibration calibration = Quantization.calibrate(plan, data, Execution.standard());
    QuantizationSpec.Fixed meaning =
        IntegerBoundary.of(Quantization.convert(plan, calibration).model())
            .meaning(X)
            .orElseThrow();
    assertEquals(5f / 255, meaning.parameters().scale(0));
    assertEquals(-77, meaning.parameters().zeroPoint(0));
  }

  @Test
  void optingOutKeepsAnInputInAGroupOfItsOwn() {
    Plan plan = MarkingQuantizer.plan(dense().model(13), marks(X, OBSERVED, DENSE_X, OBSERVED), X);
    assertFalse(plan.group(X).equals(plan.group(DENSE_X)));
  }

  @Test
  void unequalSpecsAreRequantized() {
    Model model =
        convert(
            dense().model(13),
            X,
            HALVES,
            DENSE_X,
            QUARTERS,
            DENSE_W,
            QUARTERS,
            RELU_Y,
            QUARTERS,
            Y,
            HALVES);
    assertEquals(
        List.of(
            "DequantizeLinear",
            "QuantizeLinear",
            "DequantizeLinear",
            "DequantizeLinear",
            "MatMul",
            "Relu",
            "QuantizeLinear",
            "DequantizeLinear",
            "QuantizeLinear"),
        ops(model));
    // x = {1, 4}, {-64.5, 63}, of which quarters reach to {-32, 31.75}
    // x w = {2, 10}, {-24.0625, 159.25}; relu in quarters {2, 10}, {0, 31.75}; in halves and 1
    assertEquals(int8(5, 21, 1, 65), run(model, int8(3, 9, -128, 127)).get("y"));
  }

  @Test
  void nodesThatStayFloatReadWhatAnInputMeans() {
    Model model = convert(dense().model(13), X, HALVES);
    assertEquals(List.of("DequantizeLinear", "MatMul", "Relu"), ops(model));
    assertEquals(DataType.FLOAT, outputType(model, 0));
    assertArrayEquals(
        new float[] {2, 10, 0, 318}, run(model, int8(3, 9, -128, 127)).get("y").floats());
  }

  @Test
  void aFloatResultIsQuantizedForTheOutputAlone() {
    Model model = convert(dense().model(13), Y, QUARTERS);
    assertEquals(List.of("MatMul", "Relu", "QuantizeLinear"), ops(model));
    Tensor x = Tensor.of(new float[] {1, 4, -64.5f, 63}, 2, 2);
    assertEquals(int8(8, 40, 0, 127), run(model, x).get("y"));
  }

  @Test
  void anOutputThatTheGraphReadsIsDequantizedForIt() {
    Models models =
        dense().node("neg", "Neg", List.of("y"), "z").node("abs", "Abs", List.of("y"), "a");
    Model both = models.output("z", 2).output("a", 2).model(13);
    // In one group with a reader, while the result itself stays float.
    Model model = convert(both, Y, QUARTERS, Point.operand("neg", 0), QUARTERS);
    assertEquals(
        List.of("MatMul", "Relu", "QuantizeLinear", "DequantizeLinear", "Neg", "Abs"), ops(model));
    Map<String, Tensor> outputs = run(model, Tensor.of(new float[] {1, 4.0625f, -64.5f, 63}, 2, 2));
    assertEquals(int8(8, 41, 0, 127), outputs.get("y"));
    assertArrayEquals(new float[] {-2, -10.25f, -0f, -31.75f}, outputs.get("z").floats());
    assertArrayEquals(new float[] {2.015625f, 10.1875f, 0, 318}, outputs.get("a").floats());
    // With the result quantized everyone reads integers.
    Model whole = convert(both, RELU_Y, QUARTERS, Y, QUARTERS);
    assertEquals(
        List.of("MatMul", "Relu", "QuantizeLinear", "DequantizeLinear", "Neg", "Abs"), ops(whole));
    assertArrayEquals(
        new float[] {2, 10.25f, 0, 31.75f},
        run(whole, Tensor.of(new float[] {1, 4.0625f, -64.5f, 63}, 2, 2)).get("a").floats());
  }

  @Test
  void aNarrowRangeIsKeptAtAnOutput() {
    QuantizationSpec narrow =
        QuantizationSpec.Fixed.of(new QuantizedType(Storage.INT8, -127, 20), 0.25f, 0);
    Model model = convert(dense().model(13), Y, narrow);
    assertEquals(List.of("MatMul", "Relu", "Clip", "QuantizeLinear"), ops(model));
    assertEquals(
        int8(8, 20, 0, 20), run(model, Tensor.of(new float[] {1, 4, -64.5f, 63}, 2, 2)).get("y"));
  }

  @Test
  void anUnusedInputIsIntegersToo() {
    Model model =
        convert(dense().input("unused", 3).model(13), Point.input("unused"), HALVES, Y, QUARTERS);
    assertEquals(
        DataType.INT8, model.graph().inputs().get(1).tensorType().orElseThrow().dataType());
    assertEquals(List.of("MatMul", "Relu", "QuantizeLinear"), ops(model));
  }

  @Test
  void pointsThatAreNotThereAreRefused() {
    assertRefused("OCT-ANN-007", "there is no input 'X'", Point.input("X"), HALVES);
    assertRefused("OCT-ANN-007", "there is no output 'x'", Point.output("x"), HALVES);
    assertRefused("OCT-ANN-007", "there is no input 'w'", Point.input("w"), HALVES);
    OctetException e =
        assertThrows(
            OctetException.class,
            () -> MarkingQuantizer.plan(dense().model(13), marks(Point.input("X"), HALVES)));
    assertEquals(List.of("x"), e.candidates());
    OctetException unshared =
        assertThrows(
            OctetException.class,
            () -> MarkingQuantizer.plan(dense().model(13), marks(), Point.output("z")));
    assertEquals("OCT-ANN-007", unshared.id());
  }

  @Test
  void inputsOfSubgraphsAreNoPoints() {
    Graph body =
        new Graph(
            "body",
            List.of(
                ValueInfo.of("i", TensorType.of(DataType.INT64, Shape.of())),
                ValueInfo.of("c", TensorType.of(DataType.BOOL, Shape.of())),
                ValueInfo.of("s", TensorType.of(DataType.FLOAT, Shape.of(2)))),
            List.of(
                ValueInfo.of("c", TensorType.of(DataType.BOOL, Shape.of())),
                ValueInfo.of("t", TensorType.of(DataType.FLOAT, Shape.of(2)))),
            Map.of(),
            List.of(Node.of("neg", OpType.onnx("Neg"), List.of("s"), List.of("t"))),
            Map.of(),
            Optional.empty());
    Model model =
        new Models()
            .input("x", 2)
            .constant("trips", Tensor.of(new long[] {2}))
            .node(
                "loop",
                "Loop",
                List.of("trips", "", "x"),
                "y",
                new Attribute("body", new Attribute.GraphValue(body), Optional.empty()))
            .output("y", 1)
            .model(13);
    assertRefused(model, "OCT-ANN-007", "there is no input 's'", Point.input("s"), HALVES);
    assertRefused(model, "OCT-ANN-007", "there is no output 't'", Point.output("t"), HALVES);
  }

  @Test
  void whatACallerCannotKnowIsRefused() {
    QuantizationSpec.Observed int8 = QuantizationSpec.Observed.of(INT8);
    String why = "the backend marks a point that cannot be quantized so: ";
    assertRefused(
        "OCT-PLAN-027",
        why + "its parameters would be found while the model runs (mode dynamic)",
        X,
        int8.withMode(Mode.DYNAMIC));
    assertRefused(
        "OCT-PLAN-027",
        why + "it has one scale and zero point for the whole, not per-channel along axis 1",
        Y,
        int8.withGranularity(new Granularity.PerChannel(1)));
    assertRefused(
        "OCT-PLAN-027",
        why + "its parameters would be derived from those of other points",
        X,
        new QuantizationSpec.Derived(INT8, Derivation.productOfScales(), List.of(DENSE_W)),
        DENSE_W,
        QUARTERS);
    assertRefused(
        "OCT-RES-002",
        "operand 0 of 'dense' shares parameters with a point that is kept in float",
        X,
        new QuantizationSpec.KeepFloat("the camera gives floats"),
        DENSE_X,
        new QuantizationSpec.Shared(X));
  }

  @Test
  void valuesThatAreNoFloatsOrNobodyComputesAreRefused() {
    Model integers =
        new Models()
            .input("x", 2)
            .node("cast", "Cast", List.of("x"), "y", Attribute.of("to", 7L))
            .output("y", 1)
            .model(13);
    Model typed =
        integers.withGraph(
            new Graph(
                "g",
                integers.graph().inputs(),
                List.of(ValueInfo.of("y", TensorType.of(DataType.INT64, Shape.of(2)))),
                Map.of(),
                integers.graph().nodes(),
                Map.of(),
                Optional.empty()));
    String why = "the backend marks a point that cannot be quantized so: ";
    assertRefused(
        typed, "OCT-PLAN-027", why + "it is INT64, and only float values are quantized", Y, HALVES);
    Model through = dense().output("x", 2).output("w", 2).model(13);
    assertRefused(
        through,
        "OCT-PLAN-027",
        why + "it is an input that the graph or a subgraph hands out",
        X,
        HALVES);
    assertRefused(
        through,
        "OCT-PLAN-027",
        why + "it is an input that the graph or a subgraph hands out",
        Point.output("x"),
        HALVES);
    assertRefused(through, "OCT-PLAN-027", why + "it is a constant", Point.output("w"), HALVES);
  }

  @Test
  void plansKeepInputsAndOutputs() {
    Model model = dense().model(13);
    Plan plan =
        MarkingQuantizer.plan(
            model,
            marks(
                X,
                OBSERVED,
                DENSE_X,
                new QuantizationSpec.Shared(X),
                DENSE_W,
                QUARTERS,
                Y,
                HALVES));
    Tree.Mapping tree = plan.document().toTree();
    assertEquals(
        """
        [
          {
            "name": "x",
            "decidedBy": "backend",
            "group": "x"
          }
        ]
        """,
        JsonText.write(tree.get("inputs")));
    PlanDocument read = PlanDocument.fromTree(JsonText.parse(JsonText.write(tree), "plan.json"));
    assertEquals(plan.document(), read);
    Plan bound = Plan.bind(read, plan.prepared(), plan.backend());
    assertEquals(plan.boundary(), bound.boundary());
    assertEquals(bound.group(X), bound.group(DENSE_X));
  }

  @Test
  void aPlanWithoutInputsAndOutputsHasNoWordOfThem() {
    Plan plan = MarkingQuantizer.plan(dense().model(13), marks(DENSE_X, OBSERVED));
    Tree.Mapping tree = plan.document().toTree();
    assertTrue(tree.find("inputs").isEmpty() && tree.find("outputs").isEmpty());
    assertEquals(List.of(), plan.boundary());
  }

  private static PlanDocument edited(Plan plan, String old, String edit) {
    String text = JsonText.write(plan.document().toTree());
    assertTrue(text.contains(old), text);
    return PlanDocument.fromTree(JsonText.parse(text.replace(old, edit), "plan.json"));
  }

  private static void assertUnbound(PlanDocument edited, Plan plan, String id, String fact) {
    OctetException e =
        assertThrows(
            OctetException.class, () -> Plan.bind(edited, plan.prepared(), plan.backend()));
    assertEquals(id, e.id());
    assertEquals(fact, e.fact());
  }

  @Test
  void aPlanCanBeEdited() {
    Plan plan = MarkingQuantizer.plan(dense().model(13), marks(X, HALVES, Y, QUARTERS));
    PlanDocument inFloat =
        edited(
            plan,
            "\"name\": \"x\",\n      \"decidedBy\": \"backend\",",
            "\"name\": \"x\", \"spec\": {\"kind\": \"keep-float\", \"reason\": \"edited\"},");
    Model model = Quantization.convert(Plan.bind(inFloat, plan.prepared(), plan.backend())).model();
    assertEquals(DataType.FLOAT, inputType(model));
    assertEquals(DataType.INT8, outputType(model, 0));
    assertEquals(List.of("octet.output.y"), List.copyOf(told(model).keySet()));
    assertUnbound(
        edited(plan, "\"name\": \"x\"", "\"name\": \"xx\""),
        plan,
        "OCT-PLAN-004",
        "the model has no input 'xx'");
    String entry =
        "{\n"
            + "      \"name\": \"x\",\n"
            + "      \"decidedBy\": \"backend\",\n"
            + "      \"group\": \"x\"\n"
            + "    }";
    assertUnbound(
        edited(plan, entry, entry + ", " + entry),
        plan,
        "OCT-PLAN-021",
        "input 'x' is listed twice");
  }

  @Test
  void anEditThatNoFileCanHoldIsRefusedBeforeConversion() {
    Plan plan = MarkingQuantizer.plan(dense().model(13), marks(X, OBSERVED, DENSE_X, OBSERVED));
    PlanDocument edited = edited(plan, "\"mode\": \"static\"", "\"mode\": \"dynamic\"");
    Plan bound = Plan.bind(edited, plan.prepared(), plan.backend());
    OctetException e = assertThrows(OctetException.class, () -> Quantization.convert(bound));
    assertEquals("OCT-CONV-024", e.id());
    assertEquals(
        "input 'x' cannot be integers: its parameters would be found while the model runs (mode"
            + " dynamic)",
        e.fact());
  }

  @Test
  void anInputOfTrainingIsPlannedAndNotConverted() {
    Plan plan =
        MarkingQuantizer.plan(
            dense().model(13),
            marks(X, QuantizationSpec.Observed.of(INT8).withMode(Mode.QUANTIZATION_AWARE)));
    assertEquals("OCT-PLAN-101", plan.findings().get(0).id());
    OctetException e = assertThrows(OctetException.class, () -> Quantization.convert(plan));
    assertEquals("OCT-CONV-001", e.id());
    assertEquals(
        "the model has a point whose parameters are found in training (mode quantization-aware),"
            + " which can be planned, but not yet calibrated or converted",
        e.fact());
  }

  @Test
  void pointsOfAllSidesOrderAndSayWhatTheyAre() {
    List<Point> points =
        List.of(
            Point.operand("a", 0),
            Point.operand("a", 1),
            Point.result("a", 0),
            Point.input("a"),
            Point.output("a"),
            Point.input("b"));
    assertEquals(points, points.stream().sorted().toList());
    assertEquals(
        List.of("operand 1 of 'a'", "result 0 of 'a'", "input 'a'", "output 'a'"),
        Stream.of(points.get(1), points.get(2), points.get(3), points.get(4))
            .map(Point::toString)
            .toList());
    Map<Point, Integer> byPoint = new HashMap<>();
    points.forEach(point -> byPoint.put(point, point.hashCode()));
    assertEquals(points.size(), byPoint.size());
    assertThrows(IllegalStateException.class, () -> Point.input("a").node());
    assertThrows(IllegalArgumentException.class, () -> new Point("a", Point.Side.OUTPUT, 1));
  }
}
