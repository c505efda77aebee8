package dev.octet.kernels.lower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.dialect.IntegerDialect;
import dev.octet.kernels.execute.GraphExecutor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OneValueRegionTest {

  private static final Shape SHAPE = Shape.of(16, 16);

  private final Map<String, Tensor> initializers = new LinkedHashMap<>();
  private final List<ValueInfo> inputs = new ArrayList<>();
  private final List<ValueInfo> outputs = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private DataType type = DataType.UINT8;

  private String node(String name, String op, String... operands) {
    nodes.add(Node.of(name, OpType.onnx(op), List.of(operands), List.of(name)));
    return name;
  }

  private String constant(String name, float value, long... sizes) {
    float[] values = new float[sizes.length == 0 ? 1 : Math.toIntExact(sizes[0])];
    Arrays.fill(values, value);
    initializers.put(name, Tensor.of(values, sizes));
    return name;
  }

  private String quantized(String value, float scale, long zero) {
    initializers.put(value + "_s", Tensor.of(new float[] {scale}));
    initializers.put(value + "_z", Tensor.ofIntegers(type, new long[] {zero}));
    return node(value + "_q", "QuantizeLinear", value, value + "_s", value + "_z");
  }

  private String dequantized(String value, String name) {
    return node(name, "DequantizeLinear", value + "_q", value + "_s", value + "_z");
  }

  /** A quantized input of every integer of 8 bits, once. */
  private String x() {
    inputs.add(ValueInfo.of("in", TensorType.of(DataType.FLOAT, SHAPE)));
    quantized("in", 0.0625f, 131);
    return dequantized("in", "x");
  }

  private Tensor everyInteger() {
    float[] values = new float[256];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i - 131) * 0.0625f;
    }
    return Tensor.of(values, 16, 16);
  }

  private void give(String value) {
    quantized(value, 0.046875f, 9);
    outputs.add(ValueInfo.of(dequantized(value, "out"), TensorType.of(DataType.FLOAT, SHAPE)));
  }

  private Model model() {
    return Model.of(
        new Graph("g", inputs, outputs, initializers, nodes, Map.of(), Optional.empty()), 18);
  }

  private Lowered lower() {
    return QdqLowering.lower(model());
  }

  private static List<String> operators(Lowered lowered) {
    return lowered.model().graph().nodes().stream().map(n -> n.op().toString()).toList();
  }

  private static boolean looksUp(Lowered lowered) {
    return operators(lowered).contains("dev.octet.Lookup");
  }

  private float[] run(Model model) {
    try (GraphExecutor executor = GraphExecutor.of(model, 1)) {
      return executor.run(Map.of("in", everyInteger())).values().iterator().next().floats();
    }
  }

  private String gelu(String x, String alsoX) {
    node("erf", "Erf", node("div", "Div", x, constant("root", 1.4142135f)));
    node("add", "Add", constant("one", 1f, 1), "erf");
    return node("half", "Mul", node("mul", "Mul", alsoX, "add"), constant("c", 0.5f));
  }

  @Test
  void aSpeltOutGeluIsOneTable() {
    give(gelu(x(), "x"));
    Lowered lowered = lower();
    assertEquals(
        List.of("QuantizeLinear", "dev.octet.Lookup", "DequantizeLinear"), operators(lowered));
    assertEquals(
        List.of("div", "erf", "add", "mul", "half"),
        lowered.report().entries().stream()
            .filter(entry -> entry.integerOp().equals(Optional.of(IntegerDialect.LOOKUP)))
            .map(LoweringReport.Entry::node)
            .toList());
    assertEquals("became part of the table of 'half'", lowered.report().entries().get(0).reason());
  }

  @Test
  void theTableHasTheBitsOfTheFloatNodes() {
    give(gelu(x(), "x"));
    assertArrayEquals(run(model()), run(lower().model()));
  }

  @Test
  void theSameIntegersMayBeDequantizedTwice() {
    String x = x();
    give(gelu(x, dequantized("in", "again")));
    assertTrue(looksUp(lower()));
    assertArrayEquals(run(model()), run(lower().model()));
  }

  @Test
  void everyQuantizationOfTheResultHasATableOfItsOwn() {
    give(gelu(x(), "x"));
    node("wide_q", "QuantizeLinear", "half", "in_s", "in_z");
    node("wide", "DequantizeLinear", "wide_q", "in_s", "in_z");
    outputs.add(0, ValueInfo.of("wide", TensorType.of(DataType.FLOAT, SHAPE)));
    assertEquals(2, operators(lower()).stream().filter("dev.octet.Lookup"::equals).count());
    assertArrayEquals(run(model()), run(lower().model()));
  }

  @Test
  void aValueInsideThatSomebodyElseReadsKeepsTheNodesFloat() {
    give(gelu(x(), "x"));
    outputs.add(ValueInfo.of("erf", TensorType.of(DataType.FLOAT, SHAPE)));
    assertFalse(looksUp(lower()));
  }

  @Test
  void aConstantOfSeveralElementsKeepsTheNodesFloat() {
    String x = x();
    node("erf", "Erf", node("div", "Div", x, constant("root", 1.5f, 16)));
    give(node("mul", "Mul", "erf", x));
    assertFalse(looksUp(lower()));
  }

  @Test
  void aConstantOfHigherRankKeepsTheNodesFloat() {
    String x = x();
    node("erf", "Erf", node("div", "Div", x, constant("root", 1.5f, 1, 1, 1)));
    quantized("erf", 0.5f, 3);
    outputs.add(
        ValueInfo.of(
            dequantized("erf", "out"), TensorType.of(DataType.FLOAT, Shape.of(1, 16, 16))));
    assertFalse(looksUp(lower()));
  }

  @Test
  void twoTensorsAreNoFunctionOfOneValue() {
    String x = x();
    inputs.add(ValueInfo.of("other", TensorType.of(DataType.FLOAT, SHAPE)));
    quantized("other", 0.5f, 3);
    give(gelu(x, dequantized("other", "y")));
    assertFalse(looksUp(lower()));
  }

  @Test
  void integersOfSixteenBitsHaveNoTable() {
    type = DataType.UINT16;
    give(gelu(x(), "x"));
    assertFalse(looksUp(lower()));
  }

  @Test
  void aResultThatIsReadInFloatKeepsTheNodesFloat() {
    give(gelu(x(), "x"));
    outputs.add(ValueInfo.of("half", TensorType.of(DataType.FLOAT, SHAPE)));
    assertFalse(looksUp(lower()));
  }

  @Test
  void oneNodeAndWhatBoundsItHaveTheirOwnForm() {
    node("sigmoid", "Sigmoid", x());
    give(node("relu", "Relu", "sigmoid"));
    assertTrue(operators(lower()).contains("com.microsoft.QLinearSigmoid"));
    assertFalse(looksUp(lower()));
  }
}
