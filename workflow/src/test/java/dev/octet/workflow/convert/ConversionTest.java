package dev.octet.workflow.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.rules.IntegerTypes;
import dev.octet.annotation.rules.StaticIntegerRules;
import dev.octet.api.error.OctetException;
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
import dev.octet.api.observer.ChannelStatistics;
import dev.octet.api.observer.Extremes;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import dev.octet.workflow.MarkingQuantizer;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.calibrate.GroupStatistics;
import dev.octet.workflow.calibrate.ObservedGroup;
import dev.octet.workflow.calibrate.SeenSamples;
import dev.octet.workflow.plan.Plan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConversionTest {

  private static final IntegerTypes TYPES =
      new IntegerTypes(
          QuantizedType.of(Storage.INT8),
          new QuantizedType(Storage.INT8, -127, 127),
          ObserverSpec.minMax());

  private final Map<String, Tensor> constants = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();

  @Test
  void aLayerGetsIntegersForItsConstantsAndPairsForItsValues() {
    constants.put("w", Tensor.of(new float[] {1f, -0.5f, 0.25f, 2f}, 2, 2));
    constants.put("b", Tensor.of(new float[] {0.5f, -1f}, 2));
    nodes.add(Node.of("gemm", OpType.onnx("Gemm"), List.of("x", "w", "b"), List.of("c")));
    nodes.add(Node.of("relu", OpType.onnx("Relu"), List.of("c"), List.of("y")));
    Graph graph =
        convert(Map.of("x", new float[] {-1f, 1f}, "y", new float[] {0f, 2.55f})).model().graph();
    assertEquals(
        List.of(
            "x_QuantizeLinear",
            "x_DequantizeLinear",
            "w_DequantizeLinear",
            "b_DequantizeLinear",
            "gemm",
            "relu",
            "y_QuantizeLinear",
            "y_DequantizeLinear"),
        graph.nodes().stream().map(Node::name).toList());
    assertEquals(List.of("y"), graph.outputs().stream().map(ValueInfo::name).toList());
    // Channels are columns: scales 1/127 and 2/127; -0.5 / (2/127) = -31.75, 0.25 / (1/127) =
    // 31.75.
    assertArrayEquals(new byte[] {127, -32, 32, 127}, constant(graph, "w_quantized").bytes());
    assertArrayEquals(new float[] {1f / 127, 2f / 127}, constant(graph, "w_scale").floats());
    float activation = 2f / 255;
    float[] biasScale = {activation * (1f / 127), activation * (2f / 127)};
    assertArrayEquals(biasScale, constant(graph, "b_scale").floats());
    assertArrayEquals(
        new int[] {Math.round(0.5f / biasScale[0]), Math.round(-1f / biasScale[1])},
        constant(graph, "b_quantized").int32s());
    assertFalse(graph.initializers().containsKey("w"));
    assertFalse(graph.initializers().containsKey("b"));
  }

  @Test
  void everyReaderOfAQuantizedResultReadsTheDequantizedValue() {
    nodes.add(Node.of("add", OpType.onnx("Add"), List.of("x", "x"), List.of("s")));
    nodes.add(Node.of("exp", OpType.onnx("Exp"), List.of("s"), List.of("e")));
    nodes.add(Node.of("mul", OpType.onnx("Mul"), List.of("s", "e"), List.of("y")));
    float[] range = {-1f, 1f};
    QuantizedModel converted = convert(Map.of("x", range, "s", range, "e", range, "y", range));
    Graph graph = converted.model().graph();
    assertEquals(List.of("s_dequantized"), graph.node("exp").orElseThrow().operands());
    assertEquals(
        List.of("s_dequantized", "e_dequantized"), graph.node("mul").orElseThrow().operands());
    assertEquals(
        List.of("x_dequantized", "x_dequantized"), graph.node("add").orElseThrow().operands());
    assertEquals(3, converted.report().nodes());
    assertEquals(2, converted.report().quantizedNodes());
    assertEquals("exp", converted.report().floatNodes().get(0).name());
  }

  @Test
  void aBiasThatWouldLeaveInt32GetsALargerWeightScaleAndAWarning() {
    constants.put("w", Tensor.of(new float[] {1e-7f, 1f, 0f, 1f}, 2, 2));
    constants.put("b", Tensor.of(new float[] {1e6f, 1f}, 2));
    nodes.add(Node.of("gemm", OpType.onnx("Gemm"), List.of("x", "w", "b"), List.of("y")));
    QuantizedModel converted =
        convert(Map.of("x", new float[] {-1f, 1f}, "y", new float[] {0f, 1e6f}));
    Graph graph = converted.model().graph();
    int[] bias = constant(graph, "b_quantized").int32s();
    // Two products of at most 128 and 127 have room beside it.
    int most = Integer.MAX_VALUE - 2 * 128 * 127;
    assertTrue(bias[0] > most - 500 && bias[0] <= most, "bias " + bias[0]);
    float activation = 2f / 255;
    float weightScale = constant(graph, "w_scale").floats()[0];
    assertEquals(activation * weightScale, constant(graph, "b_scale").floats()[0]);
    float smaller = activation * Math.nextDown(weightScale);
    assertTrue((long) (1e6f / smaller) > most - 128, "a smaller scale would have done");
    assertEquals(
        List.of("OCT-CONV-101"), converted.report().findings().stream().map(Finding::id).toList());
  }

  @Test
  void aFixedScaleStaysWhereABiasLeavesInt32() {
    constants.put("w", Tensor.of(new float[] {1e-6f, 2e-6f, 0f, -1e-6f}, 2, 2));
    constants.put("b", Tensor.of(new float[] {1e6f, -1e6f}, 2));
    nodes.add(Node.of("gemm", OpType.onnx("Gemm"), List.of("x", "w", "b"), List.of("y")));
    QuantizedType int8 = QuantizedType.of(Storage.INT8);
    Point input = Point.operand("gemm", 0);
    Point weight = Point.operand("gemm", 1);
    Map<Point, QuantizationSpec> marks =
        Map.of(
            input,
            QuantizationSpec.Fixed.of(int8, 0.5f, 0),
            weight,
            QuantizationSpec.Fixed.of(int8, 1e-6f, 0),
            Point.operand("gemm", 2),
            new QuantizationSpec.Derived(
                QuantizedType.of(Storage.INT32),
                Derivation.productOfScales(),
                List.of(input, weight)));
    Plan plan = MarkingQuantizer.plan(model(), marks);
    QuantizedModel converted = Quantization.convert(plan);
    Graph graph = converted.model().graph();
    assertArrayEquals(new float[] {1e-6f}, constant(graph, "w_scale").floats());
    assertArrayEquals(new byte[] {1, 2, 0, -1}, constant(graph, "w_quantized").bytes());
    assertArrayEquals(new float[] {0.5f * 1e-6f}, constant(graph, "b_scale").floats());
    assertArrayEquals(
        new int[] {Integer.MAX_VALUE, Integer.MIN_VALUE}, constant(graph, "b_quantized").int32s());
    assertEquals(
        List.of("OCT-CONV-109"), converted.report().findings().stream().map(Finding::id).toList());
  }

  @Test
  void anEditedPlanKeepsANodeInFloat() {
    nodes.add(Node.of("one", OpType.onnx("Add"), List.of("x", "x"), List.of("s")));
    nodes.add(Node.of("two", OpType.onnx("Add"), List.of("s", "s"), List.of("y")));
    float[] range = {-1f, 1f};
    Plan plan = plan();
    String text = dev.octet.workflow.text.JsonText.write(plan.document().toTree());
    int at = text.indexOf("\"quantized\": true", text.indexOf("\"two\""));
    String edited =
        text.substring(0, at)
            + "\"quantized\": false"
            + text.substring(at + "\"quantized\": true".length());
    var document =
        dev.octet.workflow.plan.PlanDocument.fromTree(
            dev.octet.workflow.text.JsonText.parse(edited, "plan.json"));
    Plan bound = Plan.bind(document, plan.prepared(), plan.backend());
    QuantizedModel converted =
        Quantization.convert(bound, calibration(bound, Map.of("x", range, "s", range, "y", range)));
    assertEquals(
        List.of("two"), converted.report().floatNodes().stream().map(f -> f.name()).toList());
    assertTrue(converted.model().graph().node("y_QuantizeLinear").isEmpty());
    assertTrue(converted.model().graph().node("s_QuantizeLinear").isPresent());
  }

  @Test
  void theCalibrationOfAnotherModelIsRefused() {
    nodes.add(Node.of("add", OpType.onnx("Add"), List.of("x", "x"), List.of("y")));
    Plan plan = plan();
    Calibration other = new Calibration("0", SeenSamples.unknown(1), List.of());
    assertEquals(
        "OCT-CAL-016",
        assertThrows(OctetException.class, () -> Quantization.convert(plan, other)).id());
  }

  @Test
  void aConstantWithNanIsRefusedByName() {
    constants.put("w", Tensor.of(new float[] {Float.NaN, 1f, 0f, 1f}, 2, 2));
    nodes.add(Node.of("gemm", OpType.onnx("Gemm"), List.of("x", "w"), List.of("y")));
    float[] range = {-1f, 1f};
    OctetException error =
        assertThrows(OctetException.class, () -> convert(Map.of("x", range, "y", range)));
    assertEquals("OCT-CONV-003", error.id());
    assertTrue(error.fact().contains("'w'"), error.fact());
  }

  @Test
  void aPlanThatQuantizesNothingIsRefused() {
    nodes.add(Node.of("exp", OpType.onnx("Exp"), List.of("x"), List.of("y")));
    Plan plan = plan();
    assertEquals(List.of("OCT-PLAN-014"), plan.findings().stream().map(Finding::id).toList());
    OctetException refused =
        assertThrows(
            OctetException.class, () -> Quantization.convert(plan, calibration(plan, Map.of())));
    assertEquals("OCT-CONV-008", refused.id());
    assertEquals(
        "the plan quantizes no node of this model: 1 Exp: " + plan.nodes().get(0).reason().get(),
        refused.fact());
  }

  private QuantizedModel convert(Map<String, float[]> ranges) {
    Plan plan = plan();
    return Quantization.convert(plan, calibration(plan, ranges));
  }

  private Model model() {
    Graph graph =
        new Graph(
            "g",
            List.of(info("x", 2)),
            List.of(info("y", 2)),
            constants,
            nodes,
            Map.of(),
            Optional.empty());
    return Model.of(graph, 13);
  }

  private Plan plan() {
    return Quantization.plan(
        QuantizationRequest.of(
            model(),
            QuantizerProvider.of("test", StaticIntegerRules.of("test", TYPES).quantizer())));
  }

  /** A calibration that has seen the ends of the ranges once each. */
  private static Calibration calibration(Plan plan, Map<String, float[]> ranges) {
    List<GroupStatistics> groups = new ArrayList<>();
    for (ObservedGroup group : plan.observedGroups()) {
      List<Long> elements = group.values().stream().map(v -> 2L).toList();
      float low =
          (float) group.values().stream().mapToDouble(v -> ranges.get(v)[0]).min().orElseThrow();
      float high =
          (float) group.values().stream().mapToDouble(v -> ranges.get(v)[1]).max().orElseThrow();
      ChannelStatistics seen = new Extremes(low, high, 2L * elements.size(), 0, 0);
      groups.add(new GroupStatistics(group, elements, List.of(seen)));
    }
    return new Calibration(plan.prepared().preparedHash(), SeenSamples.unknown(2), groups);
  }

  private static Tensor constant(Graph graph, String name) {
    return Optional.ofNullable(graph.initializers().get(name)).orElseThrow();
  }

  private static ValueInfo info(String name, long columns) {
    return ValueInfo.of(name, ValueType.TensorType.of(DataType.FLOAT, Shape.of(1, columns)));
  }
}
