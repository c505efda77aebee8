package dev.octet.kernels.lower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.execute.GraphExecutor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QdqLoweringTest {

  private final List<ValueInfo> inputs = new ArrayList<>();
  private final List<ValueInfo> outputs = new ArrayList<>();
  private final Map<String, Tensor> initializers = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();

  private void input(String name, DataType type, long... sizes) {
    inputs.add(ValueInfo.of(name, TensorType.of(type, Shape.of(sizes))));
  }

  private void output(String name, DataType type) {
    outputs.add(ValueInfo.of(name, new TensorType(type, Optional.empty())));
  }

  private void node(String name, String op, List<String> operands, Attribute... attributes) {
    nodes.add(Node.of(name, OpType.onnx(op), operands, List.of(name), attributes));
  }

  private List<String> parameters(float scale, DataType type, long zero) {
    String scaleName = "scale_" + scale;
    String zeroName = "zero_" + type + zero;
    initializers.put(scaleName, Tensor.of(new float[] {scale}));
    initializers.put(zeroName, Tensor.ofIntegers(type, new long[] {zero}));
    return List.of(scaleName, zeroName);
  }

  /** Names a value x, quantized to x_q and dequantized to x_dq. */
  private String qdq(String value, float scale, long zero) {
    quantize(value, value + "_q", scale, zero);
    return dequantize(value + "_q", value + "_dq", scale, zero);
  }

  private String quantize(String value, String result, float scale, long zero) {
    List<String> p = parameters(scale, DataType.INT8, zero);
    node(result, "QuantizeLinear", List.of(value, p.get(0), p.get(1)));
    return result;
  }

  private String dequantize(String value, String result, float scale, long zero) {
    List<String> p = parameters(scale, DataType.INT8, zero);
    node(result, "DequantizeLinear", List.of(value, p.get(0), p.get(1)));
    return result;
  }

  private String weight(String name, Tensor integers, float... scales) {
    initializers.put(name + "_q", integers);
    initializers.put(
        name + "_scale", scales.length == 1 ? Tensor.of(scales) : Tensor.of(scales, scales.length));
    node(name, "DequantizeLinear", List.of(name + "_q", name + "_scale"), Attribute.of("axis", 0));
    return name;
  }

  private String bias(String name, int[] integers, float... scales) {
    return weight(name, Tensor.of(integers, integers.length), scales);
  }

  private Model model() {
    return Model.of(
        new Graph("g", inputs, outputs, initializers, nodes, Map.of(), Optional.empty()), 21);
  }

  private Lowered lower() {
    return QdqLowering.lower(model());
  }

  private static List<String> operators(Lowered lowered) {
    return lowered.model().graph().nodes().stream().map(n -> n.op().toString()).toList();
  }

  private static Node only(Lowered lowered, String name) {
    return lowered.model().graph().node(name).orElseThrow();
  }

  private static String reason(Lowered lowered, String node) {
    return lowered.report().entries().stream()
        .filter(e -> e.node().equals(node))
        .findFirst()
        .orElseThrow()
        .reason();
  }

  private static Tensor run(Model model, Tensor... tensors) {
    Map<String, Tensor> given = new LinkedHashMap<>();
    for (int i = 0; i < tensors.length; i++) {
      given.put(model.graph().inputs().get(i).name(), tensors[i]);
    }
    try (GraphExecutor executor = GraphExecutor.of(model, 1)) {
      return executor.run(given).values().iterator().next();
    }
  }

  private static Tensor ramp(int count, long... sizes) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (i - count / 2) * 0.13f;
    }
    return Tensor.of(values, sizes);
  }

  private void conv(String... behind) {
    input("x", DataType.FLOAT, 1, 1, 1, 4);
    String x = qdq("x", 0.5f, 1);
    String w = weight("w", Tensor.of(DataType.INT8, new byte[] {3, -2}, 2, 1, 1, 1), 0.5f, 0.25f);
    String b = bias("b", new int[] {4, -8}, 0.25f, 0.125f);
    node("conv", "Conv", List.of(x, w, b));
    String last = "conv";
    for (String activation : behind) {
      node("act", activation, List.of(last));
      last = "act";
    }
    qdq(last, 1f, -3);
    output(last + "_dq", DataType.FLOAT);
  }

  @Test
  void makesOneIntegerNodeOfAConvolutionAndItsRelu() {
    conv("Relu");
    Lowered lowered = lower();
    assertEquals(List.of("QuantizeLinear", "QLinearConv", "DequantizeLinear"), operators(lowered));
    Node conv = only(lowered, "conv");
    assertEquals(
        List.of(
            "x_q",
            "scale_0.5",
            "zero_INT81",
            "w_q",
            "w_scale",
            "constant_int8_0",
            "scale_1.0",
            "zero_INT8-3",
            "b_q"),
        conv.operands());
    assertEquals(List.of("act_q"), conv.results());
    assertEquals(-3, conv.intAttribute("output_min", 0));
    assertEquals("became bounds of 'conv'", reason(lowered, "act"));
    assertEquals(2, lowered.report().integerCount());
    Tensor y = run(lowered.model(), Tensor.of(new float[] {-2f, 0f, 1f, 3f}, 1, 1, 1, 4));
    // Channel 0: 1.5 x + 1; channel 1: -0.5 x - 1; Relu; ties to even; in steps of 1.
    assertArrayEquals(new float[] {0, 1, 2, 6, 0, 0, 0, 0}, y.floats());
  }

  /** x of int16 -> Conv with an INT64 bias, behind whose integers stand a Cast and a Mul. */
  private void convOfSixteenBits(float... biasScales) {
    input("x", DataType.FLOAT, 1, 1, 1, 4);
    List<String> p = parameters(0x1p-8f, DataType.INT16, 0);
    node("x_q", "QuantizeLinear", List.of("x", p.get(0), p.get(1)));
    node("x_dq", "DequantizeLinear", List.of("x_q", p.get(0), p.get(1)));
    String w = weight("w", Tensor.of(DataType.INT8, new byte[] {3, -2}, 2, 1, 1, 1), 0.5f, 0.25f);
    initializers.put("b_q", Tensor.of(new long[] {1L << 32, -5}, 2));
    initializers.put("b_scale", Tensor.of(biasScales, biasScales.length));
    node("b_cast", "Cast", List.of("b_q"), Attribute.of("to", 1));
    node("b", "Mul", List.of("b_cast", "b_scale"));
    node("conv", "Conv", List.of("x_dq", w, "b"));
    List<String> y = parameters(0x1p9f, DataType.INT16, 0);
    node("y_q", "QuantizeLinear", List.of("conv", y.get(0), y.get(1)));
    node("y", "DequantizeLinear", List.of("y_q", y.get(0), y.get(1)));
    output("y", DataType.FLOAT);
  }

  @Test
  void makesOneIntegerNodeOfSixteenBitsAndABiasOfSixtyFour() {
    convOfSixteenBits(0x1p-9f, 0x1p-10f);
    Lowered lowered = lower();
    assertEquals(List.of("QuantizeLinear", "QLinearConv", "DequantizeLinear"), operators(lowered));
    assertEquals("b_q", only(lowered, "conv").operands().get(8));
    assertEquals(1, lowered.report().integerCount());
    assertTrue(
        lowered.report().entries().stream().noneMatch(e -> e.node().startsWith("b")),
        lowered.report().entries().toString());
    Tensor y = run(lowered.model(), Tensor.of(new float[] {-128f, 0f, 1f, 127f}, 1, 1, 1, 4));
    // Channel 0: 1.5 x + 2^23; channel 1: -0.5 x - 5 / 1024; in steps of 512.
    assertArrayEquals(new float[] {8388608, 8388608, 8388608, 8388608, 0, 0, 0, 0}, y.floats());
    assertEquals(y, run(model(), Tensor.of(new float[] {-128f, 0f, 1f, 127f}, 1, 1, 1, 4)));
  }

  @Test
  void leavesABiasOfSixtyFourBitsInFloatWhoseScaleIsNotThatOfTheSums() {
    convOfSixteenBits(0x1p-9f, 0x1p-9f);
    Lowered lowered = lower();
    assertTrue(operators(lowered).containsAll(List.of("Conv", "Cast", "Mul")));
    assertTrue(reason(lowered, "conv").startsWith("its bias has scale "), reason(lowered, "conv"));
  }

  /** Gives shares in steps of 0.003, whose inverse is no integer. */
  private String reasonOfSoftmax(DataType type) {
    input("x", DataType.FLOAT, 1, 4);
    List<String> p = parameters(0.003f, type, 0);
    node("x_q", "QuantizeLinear", List.of("x", p.get(0), p.get(1)));
    node("x_dq", "DequantizeLinear", List.of("x_q", p.get(0), p.get(1)));
    node("shares", "Softmax", List.of("x_dq"));
    node("y_q", "QuantizeLinear", List.of("shares", p.get(0), p.get(1)));
    output("y_q", type);
    return reason(lower(), "shares");
  }

  @Test
  void leavesASoftmaxOfEightBitsInFloatWhoseStepsAreNoWholeShares() {
    assertEquals("1 / 0.003 is no integer", reasonOfSoftmax(DataType.INT8));
  }

  @Test
  void lowersASoftmaxOfSixteenBitsOfAnySteps() {
    assertEquals("reads and gives integers", reasonOfSoftmax(DataType.INT16));
  }

  @Test
  void keepsTheDequantizedValueForAFloatReader() {
    conv();
    node("float", "Sign", List.of("conv_dq"));
    outputs.clear();
    output("float", DataType.FLOAT);
    Lowered lowered = lower();
    assertEquals(
        List.of("QuantizeLinear", "QLinearConv", "DequantizeLinear", "Sign"), operators(lowered));
    assertEquals("there is no integer form of Sign", reason(lowered, "float"));
  }

  @Test
  void leavesANodeInFloatWhoseResultIsReadInFloat() {
    conv();
    node("float", "Sqrt", List.of("conv"));
    output("float", DataType.FLOAT);
    Lowered lowered = lower();
    assertTrue(operators(lowered).contains("Conv"));
    assertEquals("its result 'conv' is read in float by 'float'", reason(lowered, "conv"));
    assertEquals(0, lowered.report().integerCount());
    assertEquals(model().graph().nodes().size(), lowered.model().graph().nodes().size());
  }

  @Test
  void leavesANodeInFloatWhoseResultIsAnOutput() {
    conv();
    output("conv", DataType.FLOAT);
    assertEquals("its result 'conv' is an output in float", reason(lower(), "conv"));
  }

  @Test
  void leavesANodeInFloatWhoseResultASubgraphReads() {
    conv();
    Graph branch =
        new Graph(
            "branch",
            List.of(),
            List.of(ValueInfo.of("inner", new TensorType(DataType.FLOAT, Optional.empty()))),
            Map.of(),
            List.of(Node.of("inner", OpType.onnx("Relu"), List.of("conv"), List.of("inner"))),
            Map.of(),
            Optional.empty());
    input("condition", DataType.BOOL);
    node(
        "if",
        "If",
        List.of("condition"),
        new Attribute("then_branch", new Attribute.GraphValue(branch), Optional.empty()));
    assertEquals("its result 'conv' is an output in float", reason(lower(), "conv"));
  }

  @Test
  void leavesAConvolutionInFloatWhoseBiasHasAnotherScale() {
    input("x", DataType.FLOAT, 1, 1, 1, 4);
    String x = qdq("x", 0.5f, 1);
    String w = weight("w", Tensor.of(DataType.INT8, new byte[] {3}, 1, 1, 1, 1), 0.5f);
    String b = bias("b", new int[] {4}, 0.2f);
    node("conv", "Conv", List.of(x, w, b));
    qdq("conv", 1f, -3);
    output("conv_dq", DataType.FLOAT);
    assertEquals(
        "its bias has scale 0.20000000298023224 where the sums have 0.25", reason(lower(), "conv"));
  }

  @Test
  void leavesAConvolutionInFloatWhoseWeightsHaveScalesAlongAnotherAxis() {
    input("x", DataType.FLOAT, 1, 2, 1, 4);
    String x = qdq("x", 0.5f, 1);
    initializers.put("w_q", Tensor.of(DataType.INT8, new byte[] {3, 4}, 1, 2, 1, 1));
    initializers.put("w_scale", Tensor.of(new float[] {1f, 2f}, 2));
    node("w", "DequantizeLinear", List.of("w_q", "w_scale"), Attribute.of("axis", 1));
    node("conv", "Conv", List.of(x, "w"));
    qdq("conv", 1f, -3);
    output("conv_dq", DataType.FLOAT);
    assertEquals("operand 1 has scales along axis 1, not 0", reason(lower(), "conv"));
  }

  /** Two groups, whose two output channels each have the scales of the weight, and a bias. */
  private void transposed(float... biasScales) {
    input("x", DataType.FLOAT, 1, 2, 2);
    String x = qdq("x", 0.5f, 1);
    initializers.put("w_q", Tensor.of(DataType.INT8, new byte[] {3, 4, 5, 6}, 2, 2, 1));
    initializers.put("w_scale", Tensor.of(new float[] {1f, 2f}, 2));
    node("w", "DequantizeLinear", List.of("w_q", "w_scale"), Attribute.of("axis", 1));
    String b = bias("b", new int[] {1, 2, 3, 4}, biasScales);
    node("conv", "ConvTranspose", List.of(x, "w", b), Attribute.of("group", 2));
    qdq("conv", 1f, -3);
    output("conv_dq", DataType.FLOAT);
  }

  @Test
  void makesOneIntegerNodeOfAGroupedConvTransposeWhoseScalesRepeat() {
    transposed(0.5f, 1f, 0.5f, 1f);
    Lowered lowered = lower();
    assertEquals(
        List.of("QuantizeLinear", "dev.octet.QLinearConvTranspose", "DequantizeLinear"),
        operators(lowered));
    Tensor y = run(lowered.model(), Tensor.of(new float[] {1f, -2f, 0.5f, 0f}, 1, 2, 2));
    // Sums 7 -11, 10 -14, 8 3, 10 4 in steps of 0.5 and 1; ties to even, in steps of 1.
    assertArrayEquals(new float[] {4, -6, 10, -14, 4, 2, 10, 4}, y.floats());
  }

  @Test
  void leavesAConvTransposeInFloatWhoseBiasHasTheScalesInAnotherOrder() {
    transposed(0.5f, 0.5f, 1f, 1f);
    assertEquals("its bias has scale 0.5 where the sums have 1.0", reason(lower(), "conv"));
  }

  @Test
  void leavesAProductInFloatWhoseWeightsHaveAScaleForEachBlock() {
    input("x", DataType.FLOAT, 2, 4);
    String x = qdq("x", 0.5f, 1);
    initializers.put("w_q", Tensor.of(DataType.INT8, new byte[8], 4, 2));
    initializers.put("w_scale", Tensor.of(new float[] {1f, 2f, 3f, 4f}, 2, 2));
    node(
        "w",
        "DequantizeLinear",
        List.of("w_q", "w_scale"),
        Attribute.of("axis", 0),
        Attribute.of("block_size", 2));
    node("product", "MatMul", List.of(x, "w"));
    qdq("product", 1f, -3);
    output("product_dq", DataType.FLOAT);
    assertEquals("operand 1 has a scale for each block of 2 elements", reason(lower(), "product"));
  }

  @Test
  void leavesAProductInFloatWhoseWeightsAreOneBlock() {
    input("x", DataType.FLOAT, 2, 4);
    String x = qdq("x", 0.5f, 1);
    initializers.put("w_q", Tensor.of(DataType.INT8, new byte[4], 4, 1));
    initializers.put("w_scale", Tensor.of(new float[] {2f}, 1, 1));
    node(
        "w",
        "DequantizeLinear",
        List.of("w_q", "w_scale"),
        Attribute.of("axis", 0),
        Attribute.of("block_size", 4));
    node("product", "MatMul", List.of(x, "w"));
    qdq("product", 1f, -3);
    output("product_dq", DataType.FLOAT);
    assertEquals("operand 1 has a scale for each block of 4 elements", reason(lower(), "product"));
  }

  @Test
  void leavesANodeInFloatWhoseScalesAreComputedInTheRun() {
    input("x", DataType.FLOAT, 2, 4);
    nodes.add(
        Node.of(
            "dynamic",
            OpType.onnx("DynamicQuantizeLinear"),
            List.of("x"),
            List.of("x_q", "x_scale", "x_zero")));
    node("x_dq", "DequantizeLinear", List.of("x_q", "x_scale", "x_zero"));
    node("relu", "Relu", List.of("x_dq"));
    qdq("relu", 1f, -3);
    output("relu_dq", DataType.FLOAT);
    assertEquals("scale or zero point of operand 0 is no constant", reason(lower(), "relu"));
  }

  private void dynamicProduct(int axis, long... scaleSizes) {
    input("x", DataType.FLOAT, 2, 4);
    nodes.add(
        Node.of(
            "dynamic",
            OpType.onnx("DynamicQuantizeLinear"),
            List.of("x"),
            List.of("x_q", "x_scale", "x_zero")));
    node("x_dq", "DequantizeLinear", List.of("x_q", "x_scale", "x_zero"));
    initializers.put("w_q", Tensor.of(DataType.INT8, new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, 4, 2));
    initializers.put("w_scale", Tensor.of(new float[] {1, 0.5f, 2, 4}, scaleSizes));
    node(
        "w",
        "DequantizeLinear",
        List.of("w_q", "w_scale"),
        Attribute.of("axis", axis),
        Attribute.of("block_size", 2));
    node("product", "MatMul", List.of("x_dq", "w"));
    output("product", DataType.FLOAT);
  }

  /** The scale is 1, the zero point 0. */
  @Test
  void multipliesOnIntegersWhatIsQuantizedInTheRun() {
    dynamicProduct(0, 2, 2);
    Lowered lowered = lower();
    assertEquals("reads integers and gives floats", reason(lowered, "product"));
    assertTrue(operators(lowered).contains("dev.octet.MatMulIntegerToFloat"));
    Tensor y = run(lowered.model(), Tensor.of(new float[] {255, 0, 0, 0, 0, 0, 1, 1}, 2, 4));
    assertArrayEquals(new float[] {255, 255, 24, 56}, y.floats());
  }

  @Test
  void leavesAProductOfTheRunInFloatWhoseWeightsHaveScalesAlongAnotherAxis() {
    dynamicProduct(1, 4, 1);
    assertEquals("operand 1 has scales along axis 1, not 0", reason(lower(), "product"));
  }

  @Test
  void countsIntegerOperatorsOfTheModelAmongTheIntegerNodes() {
    input("x", DataType.INT8, 2, 2);
    initializers.put("w", Tensor.of(DataType.INT8, new byte[4], 2, 2));
    node("product", "MatMulInteger", List.of("x", "w"));
    output("product", DataType.INT32);
    Lowered lowered = lower();
    assertEquals("is an integer operator in the model", reason(lowered, "product"));
    assertEquals(1, lowered.report().integerCount());
  }

  @Test
  void readsWeightsThatAreQuantizedInTheGraph() {
    input("x", DataType.FLOAT, 2, 3);
    String x = qdq("x", 0.5f, 1);
    initializers.put("w", Tensor.of(new float[] {1, -1, 0.5f, 2, 0, 1}, 3, 2));
    String w = qdq("w", 0.5f, 0);
    node("product", "MatMul", List.of(x, w));
    qdq("product", 0.5f, 0);
    output("product_dq", DataType.FLOAT);
    Lowered lowered = lower();
    assertTrue(operators(lowered).contains("QLinearMatMul"));
    Tensor y = run(lowered.model(), Tensor.of(new float[] {1, 2, 3, -1, 0, 1}, 2, 3));
    assertArrayEquals(new float[] {2, 6, -1, 2}, y.floats());
  }

  @Test
  void readsScalesOfConstantNodesBehindTheNode() {
    input("x", DataType.FLOAT, 4);
    String x = qdq("x", 0.5f, 1);
    node("relu", "Relu", List.of(x));
    node("late", "Constant", List.of(), Attribute.of("value", Tensor.of(new float[] {0.25f})));
    node("y_q", "QuantizeLinear", List.of("relu", "late", "zero_INT81"));
    node("y", "DequantizeLinear", List.of("y_q", "late", "zero_INT81"));
    output("y", DataType.FLOAT);
    Lowered lowered = lower();
    assertTrue(operators(lowered).contains("dev.octet.Requantize"));
    Tensor y = run(lowered.model(), Tensor.of(new float[] {-1, 0, 1, 2}, 4));
    assertArrayEquals(new float[] {0, 0, 1, 2}, y.floats());
  }

  @Test
  void turnsADirectChangeOfScaleIntoOneStepOrNone() {
    input("x", DataType.FLOAT, 6);
    String x = qdq("x", 0.5f, 1);
    quantize(x, "same", 0.5f, 1);
    dequantize("same", "same_dq", 0.5f, 1);
    quantize("same_dq", "other", 1f, 0);
    output("other", DataType.INT8);
    Lowered lowered = lower();
    assertEquals(List.of("QuantizeLinear", "Identity", "dev.octet.Requantize"), operators(lowered));
    Tensor y = run(lowered.model(), Tensor.of(new float[] {-1.5f, -0.5f, 0, 0.5f, 1, 1.5f}, 6));
    assertArrayEquals(new long[] {-2, 0, 0, 0, 1, 2}, y.integers());
  }

  @Test
  void movesIntegersAndRequantizesWhereScalesDiffer() {
    input("x", DataType.FLOAT, 2, 3);
    String x = qdq("x", 0.5f, 1);
    initializers.put("shape", Tensor.of(new long[] {3, 2}, 2));
    node("reshape", "Reshape", List.of(x, "shape"));
    String reshaped = qdq("reshape", 0.5f, 1);
    node("flatten", "Flatten", List.of(reshaped), Attribute.of("axis", 0));
    qdq("flatten", 1f, 0);
    output("flatten_dq", DataType.FLOAT);
    Lowered lowered = lower();
    assertEquals(
        List.of("QuantizeLinear", "Reshape", "Flatten", "dev.octet.Requantize", "DequantizeLinear"),
        operators(lowered));
    assertEquals(List.of("x_q", "shape"), only(lowered, "reshape").operands());
    assertEquals("moves integers", reason(lowered, "reshape"));
    assertEquals("moves integers, which are then requantized", reason(lowered, "flatten"));
    Tensor y = run(lowered.model(), Tensor.of(new float[] {-1, 0, 1, 2, 3, 4.5f}, 2, 3));
    assertArrayEquals(new float[] {-1, 0, 1, 2, 3, 4}, y.floats());
  }

  @Test
  void fusesSeveralActivationsOneBehindTheOther() {
    input("x", DataType.FLOAT, 5);
    String x = qdq("x", 0.5f, 1);
    initializers.put("low", Tensor.of(new float[] {-1.5f}));
    initializers.put("high", Tensor.of(new float[] {2f}));
    node("sum", "Add", List.of(x, x));
    node("clip", "Clip", List.of("sum", "low", "high"));
    node("relu", "Relu", List.of("clip"));
    qdq("relu", 0.5f, -3);
    output("relu_dq", DataType.FLOAT);
    Lowered lowered = lower();
    Node sum = only(lowered, "sum");
    assertEquals(OpType.onnx("QLinearAdd").name(), sum.op().name());
    assertEquals(-3, sum.intAttribute("output_min", 99));
    assertEquals(1, sum.intAttribute("output_max", 99));
    Tensor y = run(lowered.model(), Tensor.of(new float[] {-3, 0, 0.5f, 1, 9}, 5));
    assertArrayEquals(new float[] {0, 0, 1, 2, 2}, y.floats());
  }

  /** Twice as many columns, from and to the same scale. */
  private void resized(String mode, String place) {
    input("x", DataType.FLOAT, 1, 1, 1, 2);
    String x = qdq("x", 0.5f, 1);
    initializers.put("factors", Tensor.of(new float[] {1, 1, 1, 2}, 4));
    node(
        "up",
        "Resize",
        List.of(x, "", "factors"),
        Attribute.of("mode", mode),
        Attribute.of("coordinate_transformation_mode", place));
    qdq("up", 0.5f, 1);
    output("up_dq", DataType.FLOAT);
  }

  @Test
  void movesTheIntegersOfAResizeToTheNearest() {
    resized("nearest", "half_pixel");
    Lowered lowered = lower();
    assertEquals(List.of("QuantizeLinear", "Resize", "DequantizeLinear"), operators(lowered));
    assertEquals("moves integers", reason(lowered, "up"));
    Tensor y = run(lowered.model(), Tensor.of(new float[] {1.5f, -3f}, 1, 1, 1, 2));
    assertArrayEquals(new float[] {1.5f, 1.5f, -3f, -3f}, y.floats());
  }

  @Test
  void leavesAResizeInFloatThatWeighsElements() {
    resized("linear", "half_pixel");
    assertEquals("it weighs elements", reason(lower(), "up"));
  }

  @Test
  void leavesAResizeInFloatThatMayTakeElementsFromOutside() {
    resized("nearest", "tf_crop_and_resize");
    assertEquals("its extrapolation value is a float", reason(lower(), "up"));
  }

  @Test
  void choosesTheLargestOfIntegers() {
    input("x", DataType.FLOAT, 2, 3);
    String x = qdq("x", 0.5f, 1);
    initializers.put("axes", Tensor.of(new long[] {1}, 1));
    node("most", "ReduceMax", List.of(x, "axes"), Attribute.of("keepdims", 0));
    qdq("most", 0.5f, 1);
    output("most_dq", DataType.FLOAT);
    Lowered lowered = lower();
    assertEquals("moves integers", reason(lowered, "most"));
    Tensor y = run(lowered.model(), Tensor.of(new float[] {1f, -3f, 2.5f, -9f, -8f, -7f}, 2, 3));
    assertArrayEquals(new float[] {2.5f, -7f}, y.floats());
  }

  @Test
  void clampsMovedIntegersToANarrowRange() {
    input("x", DataType.FLOAT, 4);
    String x = qdq("x", 0.5f, 0);
    initializers.put("low", Tensor.of(new float[] {-63.5f}));
    initializers.put("high", Tensor.of(new float[] {63.5f}));
    initializers.put("shape", Tensor.of(new long[] {2, 2}, 2));
    node("reshape", "Reshape", List.of(x, "shape"));
    node("clip", "Clip", List.of("reshape", "low", "high"));
    quantize("clip", "out", 0.5f, 0);
    output("out", DataType.INT8);
    Lowered lowered = lower();
    assertEquals(List.of("QuantizeLinear", "Reshape", "dev.octet.Requantize"), operators(lowered));
    Tensor y = run(lowered.model(), Tensor.of(new float[] {-64, 1, 2, 63.5f}, 4));
    assertArrayEquals(new long[] {-127, 2, 4, 127}, y.integers());
  }

  @Test
  void padsWithTheIntegerOfThePadValue() {
    input("x", DataType.FLOAT, 2);
    String x = qdq("x", 0.5f, 7);
    initializers.put("pads", Tensor.of(new long[] {1, 1}, 2));
    node("pad", "Pad", List.of(x, "pads"));
    qdq("pad", 0.5f, 7);
    output("pad_dq", DataType.FLOAT);
    Lowered lowered = lower();
    assertEquals(List.of("x_q", "pads", "constant_int8_7"), only(lowered, "pad").operands());
  }

  @Test
  void leavesAPadInFloatWhoseValueWouldBeRoundedTwice() {
    input("x", DataType.FLOAT, 2);
    String x = qdq("x", 0.5f, 7);
    initializers.put("pads", Tensor.of(new long[] {1, 1}, 2));
    initializers.put("value", Tensor.of(new float[] {3.3f}));
    node("pad", "Pad", List.of(x, "pads", "value"));
    qdq("pad", 0.25f, 7);
    output("pad_dq", DataType.FLOAT);
    assertEquals("its pad value 3.3 would be rounded twice", reason(lower(), "pad"));
  }

  @Test
  void servesSeveralQuantizersOfOneResult() {
    input("x", DataType.FLOAT, 8);
    String x = qdq("x", 0.125f, 0);
    node("sum", "Add", List.of(x, x));
    quantize("sum", "fine", 0.25f, 0);
    quantize("sum", "coarse", 1f, 5);
    output("fine", DataType.INT8);
    output("coarse", DataType.INT8);
    Lowered lowered = lower();
    assertEquals(
        List.of("QuantizeLinear", "com.microsoft.QLinearAdd", "com.microsoft.QLinearAdd"),
        operators(lowered));
    try (GraphExecutor executor = GraphExecutor.of(lowered.model(), 1)) {
      Map<String, Tensor> y = executor.run(Map.of("x", ramp(8, 8)));
      assertArrayEquals(new long[] {-4, -3, -2, -1, 0, 1, 2, 3}, y.get("fine").integers());
      assertArrayEquals(new long[] {4, 4, 4, 5, 5, 5, 6, 6}, y.get("coarse").integers());
    }
  }

  @Test
  void givesTheIntegersOfTheGraphItLowersUpToTies() {
    input("x", DataType.FLOAT, 3, 40);
    input("y", DataType.FLOAT, 40);
    String x = qdq("x", 0.061f, 3);
    String y = qdq("y", 0.017f, -9);
    node("sum", "Add", List.of(x, y));
    node("relu", "Relu", List.of("sum"));
    String sum = qdq("relu", 0.055f, -100);
    node("product", "Mul", List.of(sum, y));
    quantize("product", "out", 0.043f, 11);
    output("out", DataType.INT8);
    Tensor[] data = {ramp(120, 3, 40), ramp(40, 40)};
    Lowered lowered = lower();
    assertFalse(operators(lowered).contains("Add"));
    long[] expected = run(model(), data).integers();
    long[] actual = run(lowered.model(), data).integers();
    for (int i = 0; i < expected.length; i++) {
      assertTrue(Math.abs(expected[i] - actual[i]) <= 1, i + ": " + Arrays.toString(actual));
    }
  }

  @Test
  void lowersTheSameWayEveryTime() {
    conv("Relu");
    assertEquals(lower().model().graph().nodes(), lower().model().graph().nodes());
  }

  @Test
  void leavesAFloatGraphAsItIs() {
    input("x", DataType.FLOAT, 4);
    node("relu", "Relu", List.of("x"));
    output("relu", DataType.FLOAT);
    Lowered lowered = lower();
    assertEquals(model().graph().nodes(), lowered.model().graph().nodes());
    assertEquals(1, lowered.report().floatEntries().size());
  }
}
