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
import dev.octet.api.graph.Tensor;
import dev.octet.api.observer.ChannelStatistics;
import dev.octet.api.observer.Extremes;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Scheme;
import dev.octet.api.spec.Storage;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.calibrate.GroupStatistics;
import dev.octet.workflow.calibrate.ObservedGroup;
import dev.octet.workflow.calibrate.SeenSamples;
import dev.octet.workflow.normalise.Models;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlanDocument;
import dev.octet.workflow.text.JsonText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Every value is observed between -1 and 1. */
class QdqFormTest {

  private static final QuantizedType INT8 = QuantizedType.of(Storage.INT8);
  private static final QuantizationSpec ACTIVATION =
      observed(INT8, Scheme.affine(), new Granularity.PerTensor());
  private static final QuantizationSpec OTHER =
      observed(QuantizedType.of(Storage.UINT8), Scheme.affine(), new Granularity.PerTensor());

  @Test
  void requantizesBehindTheResultForAReaderOfAnotherGroup() {
    Graph graph =
        convert(
            chain(),
            Map.of(
                Point.result("first", 0), ACTIVATION,
                Point.operand("second", 0), OTHER));
    assertEquals(
        List.of(
            "first",
            "v_QuantizeLinear",
            "v_DequantizeLinear",
            "v_QuantizeLinear_1",
            "v_DequantizeLinear_1",
            "second"),
        names(graph));
    assertEquals("v_dequantized", node(graph, "v_QuantizeLinear_1").operands().get(0));
    assertEquals(List.of("v_dequantized_1"), node(graph, "second").operands());
  }

  @Test
  void quantizesAnInputOnceForEachGroupAndLeavesOtherReadersInFloat() {
    Model model =
        new Models()
            .input("x", 2)
            .node("a", "Relu", List.of("x"), "ra")
            .node("b", "Relu", List.of("x"), "rb")
            .node("c", "Relu", List.of("x"), "rc")
            .output("ra", 1)
            .output("rb", 1)
            .output("rc", 1)
            .model(13);
    Graph graph =
        convert(
            model, Map.of(Point.operand("a", 0), ACTIVATION, Point.operand("b", 0), ACTIVATION));
    assertEquals(List.of("x_QuantizeLinear", "x_DequantizeLinear", "a", "b", "c"), names(graph));
    assertEquals(List.of("x_dequantized"), node(graph, "a").operands());
    assertEquals(List.of("x_dequantized"), node(graph, "b").operands());
    assertEquals(List.of("x"), node(graph, "c").operands());
  }

  @Test
  void keepsTheNameOfAnOutputThatOthersReadToo() {
    Model model =
        new Models()
            .input("x", 2)
            .node("first", "Relu", List.of("x"), "v")
            .node("second", "Relu", List.of("v"), "y")
            .output("v", 1)
            .output("y", 1)
            .model(13);
    Graph graph = convert(model, Map.of(Point.result("first", 0), ACTIVATION));
    assertEquals(List.of("v_float"), node(graph, "first").results());
    assertEquals("v_float", node(graph, "v_QuantizeLinear").operands().get(0));
    assertEquals(List.of("v"), node(graph, "v_DequantizeLinear").results());
    assertEquals(List.of("v"), node(graph, "second").operands());
  }

  @Test
  void clipsToARangeThatIsNarrowerThanTheStorage() {
    QuantizationSpec narrow =
        observed(
            new QuantizedType(Storage.INT8, -127, 127),
            Scheme.symmetric(),
            new Granularity.PerTensor());
    Graph graph = convert(chain(), Map.of(Point.result("first", 0), narrow));
    assertEquals(
        List.of("first", "v_Clip", "v_QuantizeLinear", "v_DequantizeLinear", "second"),
        names(graph));
    float scale = 1f / 127;
    assertArrayEquals(new float[] {-127f * scale}, constant(graph, "v_min").floats());
    assertArrayEquals(new float[] {127f * scale}, constant(graph, "v_max").floats());
    Graph older = convert(chain().withOpset("", 10), Map.of(Point.result("first", 0), narrow));
    assertEquals(-127f * scale, node(older, "v_Clip").floatAttribute("min", 0f));
    assertEquals(127f * scale, node(older, "v_Clip").floatAttribute("max", 0f));
    assertEquals(List.of("v"), node(older, "v_Clip").operands());
  }

  @Test
  void boundsOfANarrowRangeQuantizeToItsEnds() {
    for (int bits = 1; bits < 0x7f000000; bits += 0x00345677) {
      float scale = Float.intBitsToFloat(bits);
      for (long steps : new long[] {-65535, -254, -127, 1, 127, 254, 65535}) {
        float bound = (float) steps * scale;
        if (Float.isFinite(bound)) {
          assertEquals((double) steps, Math.rint((double) (bound / scale)));
        }
      }
    }
  }

  @Test
  void writesAWeightPerGroupInBlocks() {
    QuantizationSpec grouped =
        observed(
            QuantizedType.of(Storage.INT4), Scheme.symmetric(), new Granularity.PerGroup(0, 2));
    Graph graph =
        convert(
            product(Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2)),
            Map.of(Point.operand("product", 1), grouped));
    Node dequantize = node(graph, "w_DequantizeLinear");
    assertEquals(0, dequantize.intAttribute("axis", -1));
    assertEquals(2, dequantize.intAttribute("block_size", -1));
    assertArrayEquals(new long[] {2, 2}, constant(graph, "w_scale").sizes());
    assertEquals(DataType.INT4, constant(graph, "w_quantized").dataType());
    assertEquals(DataType.INT4, constant(graph, "w_zero_point").dataType());
    assertFalse(graph.initializers().containsKey("w"));
  }

  @Test
  void storesATiedWeightOnceForEachGroup() {
    Model model =
        new Models()
            .input("x", 1, 2)
            .constant("w", Tensor.of(new float[] {1, -2, 3, -4}, 2, 2))
            .node("p", "MatMul", List.of("x", "w"), "v")
            .node("q", "MatMul", List.of("v", "w"), "u")
            .node("r", "MatMul", List.of("u", "w"), "y")
            .output("y", 2)
            .model(13);
    Map<Point, QuantizationSpec> marks = new LinkedHashMap<>();
    marks.put(Point.operand("p", 1), ACTIVATION);
    marks.put(Point.operand("q", 1), ACTIVATION);
    Graph two = convert(model, marks);
    assertEquals(node(two, "p").operands().get(1), node(two, "q").operands().get(1));
    assertTrue(two.initializers().containsKey("w"));
    marks.put(Point.operand("r", 1), OTHER);
    Graph three = convert(model, marks);
    assertEquals("w_dequantized_1", node(three, "r").operands().get(1));
    assertEquals(DataType.UINT8, constant(three, "w_quantized_1").dataType());
    assertFalse(three.initializers().containsKey("w"));
  }

  @Test
  void quantizesEmptyAndScalarConstants() {
    Model model =
        new Models()
            .input("x", 0)
            .constant("none", Tensor.of(new float[0], 0))
            .constant("one", Tensor.of(new float[] {-3f}))
            .node("a", "Add", List.of("x", "none"), "v")
            .node("b", "Mul", List.of("v", "one"), "y")
            .output("y", 1)
            .model(13);
    Graph graph =
        convert(
            model,
            Map.of(
                Point.operand("a", 1),
                observed(INT8, Scheme.affine(), new Granularity.PerChannel(0)),
                Point.operand("b", 1),
                ACTIVATION));
    assertEquals(0, constant(graph, "none_quantized").elementCount());
    assertEquals(0, constant(graph, "none_scale").elementCount());
    assertArrayEquals(new byte[] {-128}, constant(graph, "one_quantized").bytes());
    assertArrayEquals(new long[0], constant(graph, "one_scale").sizes());
  }

  private static Graph other() {
    return new Models().node("other", "Neg", List.of("x"), "o").output("o", 1).model(13).graph();
  }

  @Test
  void dequantizesForASubgraphToo() {
    Graph branch =
        new Models().node("inner", "Relu", List.of("v"), "b").output("b", 1).model(13).graph();
    Model model =
        new Models()
            .input("x", 2)
            .constant("yes", Tensor.of(new boolean[] {true}))
            .node("first", "Relu", List.of("x"), "v")
            .node(
                "if",
                "If",
                List.of("yes"),
                "y",
                new Attribute("then_branch", new Attribute.GraphValue(branch), Optional.empty()),
                new Attribute("else_branch", new Attribute.GraphValue(other()), Optional.empty()))
            .output("y", 1)
            .model(13);
    Graph graph = convert(model, Map.of(Point.result("first", 0), ACTIVATION));
    Node inner = node(graph, "if").graphAttribute("then_branch").orElseThrow().nodes().get(0);
    assertEquals(List.of("v_dequantized"), inner.operands());
  }

  @Test
  void quantizesInsideASubgraph() {
    Graph branch =
        new Models()
            .vector("k", 1f, 2f)
            .node("inner", "Add", List.of("x", "k"), "b")
            .output("b", 1)
            .model(13)
            .graph();
    Model model =
        new Models()
            .input("x", 2)
            .constant("yes", Tensor.of(new boolean[] {true}))
            .node(
                "if",
                "If",
                List.of("yes"),
                "y",
                new Attribute("then_branch", new Attribute.GraphValue(branch), Optional.empty()),
                new Attribute("else_branch", new Attribute.GraphValue(other()), Optional.empty()))
            .output("y", 1)
            .model(13);
    Graph graph = convert(model, Map.of(Point.operand("inner", 1), ACTIVATION));
    Graph inside = node(graph, "if").graphAttribute("then_branch").orElseThrow();
    assertEquals(List.of("k_DequantizeLinear", "inner"), names(inside));
    assertEquals(
        List.of("k_quantized", "k_scale", "k_zero_point"),
        List.copyOf(inside.initializers().keySet()));
  }

  @Test
  void refusesAGranularityOfAnEditedPlanThatDoesNotFit() {
    assertEquals(
        "OCT-CONV-012", refusedWithWeights(text -> text.replace("\"axis\": 1", "\"axis\": 2")));
  }

  @Test
  void refusesOtherConstantsThanFloats() {
    Model model =
        new Models()
            .input("x", 1, 2)
            .constant("w", Tensor.of(new double[4], 2, 2))
            .node(
                Node.of(
                    "product", new OpType("com.acme", "Mixed"), List.of("x", "w"), List.of("y")))
            .output("y", 2)
            .model(21);
    assertEquals("OCT-CONV-011", refused(model, Map.of(Point.operand("product", 1), ACTIVATION)));
  }

  @Test
  void refusesAGranularityOfAnEditedPlanThatOnnxDoesNotHave() {
    assertEquals(
        "OCT-CONV-004",
        refusedWithWeights(
            text -> text.replace("per-channel", "per-token").replace("\"axis\": 1,", "")));
  }

  @Test
  void refusesBlocksOfAnEditedPlanThatDoNotDivideTheConstant() {
    assertEquals(
        "OCT-CONV-012",
        refusedWithWeights(
            text ->
                text.replace("per-channel", "per-block")
                    .replace("\"axis\": 1", "\"blockSizes\": [1, 2]"),
            2,
            3));
  }

  @Test
  void refusesADerivedSpecOnAValueThatIsComputed() {
    QuantizationSpec derived =
        new QuantizationSpec.Derived(
            QuantizedType.of(Storage.INT32),
            Derivation.productOfScales(),
            List.of(Point.result("first", 0)));
    assertEquals(
        "OCT-CONV-010",
        refused(
            chain(),
            Map.of(Point.result("first", 0), ACTIVATION, Point.result("second", 0), derived)));
  }

  @Test
  void refusesABiasWithOtherChannelsThanItsWeight() {
    Model model =
        new Models()
            .input("x", 1, 2)
            .constant("w", Tensor.of(new float[] {1, -2, 3, -4}, 2, 2))
            .constant("b", Tensor.of(new float[] {1f}, 1))
            .node("fc", "Gemm", List.of("x", "w", "b"), "y")
            .output("y", 2)
            .model(13);
    Map<Point, QuantizationSpec> marks =
        Map.of(
            Point.operand("fc", 0),
            ACTIVATION,
            Point.operand("fc", 1),
            observed(INT8, Scheme.symmetric(), new Granularity.PerChannel(1)),
            Point.operand("fc", 2),
            new QuantizationSpec.Derived(
                QuantizedType.of(Storage.INT32),
                Derivation.productOfScales(),
                List.of(Point.operand("fc", 0), Point.operand("fc", 1))));
    assertEquals("OCT-CONV-014", refused(model, marks));
  }

  @Test
  void refusesConstantsOfOneGroupThatNeedDifferentNumbersOfScales() {
    Model model =
        new Models()
            .input("x", 1, 2)
            .constant("w", Tensor.of(new float[] {1, -2, 3, -4, 5, -6}, 2, 3))
            .constant("v", Tensor.of(new float[12], 3, 4))
            .node("first", "MatMul", List.of("x", "w"), "h")
            .node("second", "MatMul", List.of("h", "v"), "y")
            .output("y", 2)
            .model(13);
    assertEquals(
        "OCT-CONV-002",
        refused(
            model,
            Map.of(
                Point.operand("first", 1),
                observed(INT8, Scheme.symmetric(), new Granularity.PerChannel(1)),
                Point.operand("second", 1),
                new QuantizationSpec.Shared(Point.operand("first", 1)))));
  }

  @Test
  void refusesAProductOfScalesThatIsNone() {
    QuantizationSpec huge = QuantizationSpec.Fixed.of(INT8, 1e30f, 0);
    assertEquals("OCT-CONV-005", refused(layer(), bias(huge, huge)));
  }

  @Test
  void refusesSourcesOfABiasWithDifferentNumbersOfChannels() {
    QuantizationSpec two = observed(INT8, Scheme.symmetric(), new Granularity.PerChannel(0));
    QuantizationSpec three = observed(INT8, Scheme.symmetric(), new Granularity.PerChannel(1));
    Model model =
        new Models()
            .input("x", 1, 2)
            .constant("w", Tensor.of(new float[] {1, -2, 3, -4, 5, -6}, 2, 3))
            .constant("b", Tensor.of(new float[] {1f, 2f, 3f}, 3))
            .node("fc", "Gemm", List.of("x", "w", "b"), "h")
            .node("other", "Mul", List.of("h", "w"), "y")
            .output("y", 2)
            .model(13);
    assertEquals(
        "OCT-CONV-009",
        refused(
            model,
            Map.of(
                Point.operand("fc", 1),
                three,
                Point.operand("other", 1),
                two,
                Point.operand("fc", 2),
                derived(Point.operand("fc", 1), Point.operand("other", 1)))));
  }

  @Test
  void refusesAPartOfTheStorageForAComputedValueWithAScaleForEachChannel() {
    QuantizationSpec narrow =
        observed(
            new QuantizedType(Storage.INT8, -127, 127),
            Scheme.symmetric(),
            new Granularity.PerChannel(0));
    Plan plan = plan(chain(), Map.of(Point.result("first", 0), narrow));
    ObservedGroup group = plan.observedGroups().get(0);
    ChannelStatistics seen = new Extremes(-1f, 1f, 1L, 0, 0);
    Calibration calibration =
        new Calibration(
            plan.prepared().preparedHash(),
            SeenSamples.unknown(1),
            List.of(new GroupStatistics(group, List.of(2L), List.of(seen, seen))));
    OctetException e =
        assertThrows(OctetException.class, () -> Quantization.convert(plan, calibration));
    assertEquals("OCT-CONV-007", e.id());
    assertTrue(e.fact().startsWith("'v' is to use "), e.fact());
  }

  @Test
  void refusesAComputedValueThatIsNotOfFloats() {
    Model model =
        new Models()
            .input("x", 2)
            .node("first", "Cast", List.of("x"), "v", Attribute.of("to", 11L))
            .node("second", "Cast", List.of("v"), "y", Attribute.of("to", 1L))
            .output("y", 1)
            .model(13);
    OctetException e =
        assertThrows(
            OctetException.class,
            () -> convert(model, Map.of(Point.result("first", 0), ACTIVATION)));
    assertEquals("OCT-CONV-015", e.id());
    assertTrue(e.fact().startsWith("'v' is DOUBLE"), e.fact());
  }

  private static Model layer() {
    return new Models()
        .input("x", 1, 2)
        .constant("w", Tensor.of(new float[] {1, -2, 3, -4}, 2, 2))
        .constant("b", Tensor.of(new float[] {1f, 2f}, 2))
        .node("fc", "Gemm", List.of("x", "w", "b"), "y")
        .output("y", 2)
        .model(13);
  }

  private static Map<Point, QuantizationSpec> bias(
      QuantizationSpec input, QuantizationSpec weight) {
    return Map.of(
        Point.operand("fc", 0),
        input,
        Point.operand("fc", 1),
        weight,
        Point.operand("fc", 2),
        derived(Point.operand("fc", 0), Point.operand("fc", 1)));
  }

  private static QuantizationSpec derived(Point... sources) {
    return new QuantizationSpec.Derived(
        QuantizedType.of(Storage.INT32), Derivation.productOfScales(), List.of(sources));
  }

  @Test
  void refusesACalibrationThatObservedAnotherSpec() {
    Plan plan = plan(chain(), Map.of(Point.result("first", 0), ACTIVATION));
    Plan edited = edited(plan, text -> text.replace("min-max", "entropy"));
    OctetException e =
        assertThrows(OctetException.class, () -> Quantization.convert(edited, calibration(plan)));
    assertEquals("OCT-CONV-006", e.id());
  }

  @Test
  void givesTheSameModelEveryTime() {
    Map<Point, QuantizationSpec> marks = new LinkedHashMap<>();
    marks.put(Point.result("first", 0), ACTIVATION);
    marks.put(Point.operand("second", 0), OTHER);
    Graph once = convert(chain(), marks);
    Graph again = convert(chain(), marks);
    assertEquals(once.nodes(), again.nodes());
    assertEquals(once.initializers(), again.initializers());
  }

  private static QuantizationSpec observed(
      QuantizedType type, Scheme scheme, Granularity granularity) {
    return QuantizationSpec.Observed.of(type).withScheme(scheme).withGranularity(granularity);
  }

  private static Model chain() {
    return new Models()
        .input("x", 2)
        .node("first", "Relu", List.of("x"), "v")
        .node("second", "Relu", List.of("v"), "y")
        .output("y", 1)
        .model(13);
  }

  private static Model product(Tensor weight) {
    return new Models()
        .input("x", 1, weight.sizes()[0])
        .constant("w", weight)
        .node("product", "MatMul", List.of("x", "w"), "y")
        .output("y", 2)
        .model(21);
  }

  /** Edits the plan for a product with a scale for each column of its weight, and converts it. */
  private static String refusedWithWeights(UnaryOperator<String> edit) {
    return refusedWithWeights(edit, 2, 2);
  }

  private static String refusedWithWeights(UnaryOperator<String> edit, int rows, int columns) {
    QuantizationSpec channels = observed(INT8, Scheme.affine(), new Granularity.PerChannel(1));
    Plan plan =
        plan(
            product(Tensor.of(new float[rows * columns], rows, columns)),
            Map.of(Point.operand("product", 1), channels));
    Plan edited = edited(plan, edit);
    return assertThrows(
            OctetException.class, () -> Quantization.convert(edited, calibration(edited)))
        .id();
  }

  private static Plan edited(Plan plan, UnaryOperator<String> edit) {
    String text = edit.apply(JsonText.write(plan.document().toTree()));
    return Plan.bind(
        PlanDocument.fromTree(JsonText.parse(text, "plan.json")), plan.prepared(), plan.backend());
  }

  private static String refused(Model model, Map<Point, QuantizationSpec> marks) {
    return assertThrows(OctetException.class, () -> convert(model, marks)).id();
  }

  private static Graph convert(Model model, Map<Point, QuantizationSpec> marks) {
    Plan plan = plan(model, marks);
    return Quantization.convert(plan, calibration(plan)).model().graph();
  }

  private static Plan plan(Model model, Map<Point, QuantizationSpec> marks) {
    Quantizer quantizer =
        new Quantizer() {
          @Override
          public void annotate(AnnotationContext context) {
            for (Node node : context.nodes()) {
              context.claim("test", List.of(node));
            }
            marks.forEach(context::mark);
          }
        };
    return Quantization.plan(
        QuantizationRequest.of(model, QuantizerProvider.of("test", quantizer)));
  }

  private static Calibration calibration(Plan plan) {
    List<GroupStatistics> groups = new ArrayList<>();
    for (ObservedGroup group : plan.observedGroups()) {
      List<Long> elements = group.values().stream().map(v -> 2L).toList();
      ChannelStatistics seen = new Extremes(-1f, 1f, 2L * elements.size(), 0, 0);
      groups.add(new GroupStatistics(group, elements, List.of(seen)));
    }
    return new Calibration(plan.prepared().preparedHash(), SeenSamples.unknown(1), groups);
  }

  private static Node node(Graph graph, String name) {
    return graph.node(name).orElseThrow(() -> new AssertionError(names(graph).toString()));
  }

  private static List<String> names(Graph graph) {
    return graph.nodes().stream().map(Node::name).toList();
  }

  private static Tensor constant(Graph graph, String name) {
    return Optional.ofNullable(graph.initializers().get(name))
        .orElseThrow(
            () -> new AssertionError(Arrays.toString(graph.initializers().keySet().toArray())));
  }
}
