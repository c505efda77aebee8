package dev.octet.api.qdq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QdqGraphTest {

  private static final OpType QUANTIZE = OpType.onnx("QuantizeLinear");
  private static final OpType DEQUANTIZE = OpType.onnx("DequantizeLinear");

  private static final Attribute FLOAT = Attribute.of("to", 1);

  private final Map<String, Tensor> constants = new LinkedHashMap<>();
  private final Map<String, ValueInfo> values = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private final List<ValueInfo> outputs = new ArrayList<>();

  @BeforeEach
  void constants() {
    constants.put("s", Tensor.of(new float[] {0.5f}));
    constants.put("s2", Tensor.of(new float[] {0.5f, 0.25f}, 2));
    constants.put("z", Tensor.of(DataType.INT8, new byte[] {3}));
    constants.put("w", Tensor.of(DataType.INT8, new byte[4], 2, 2));
    outputs.add(value("y", DataType.FLOAT));
  }

  @Test
  void oneScaleServesAllElements() {
    node("dq", DEQUANTIZE, List.of("w", "s", "z"), "d");
    QuantizedValue value = constant(graph().dequantized("d"));
    assertEquals("w", value.value());
    assertEquals(DataType.INT8, value.type());
    assertEquals(new QdqLayout.PerTensor(), value.layout());
    assertEquals(0.5f, value.firstScale());
    assertEquals(3, value.firstZero());
    assertTrue(value.isPerTensor());
  }

  @Test
  void severalScalesLieAlongTheStatedAxisAndElseAlongAxisOne() {
    node("plain", DEQUANTIZE, List.of("w", "s2"), "a");
    node("first", DEQUANTIZE, List.of("w", "s2"), "b", Attribute.of("axis", 0));
    node("last", DEQUANTIZE, List.of("w", "s2"), "c", Attribute.of("axis", -1));
    QdqGraph graph = graph();
    assertEquals(new QdqLayout.PerChannel(1), constant(graph.dequantized("a")).layout());
    assertEquals(new QdqLayout.PerChannel(0), constant(graph.dequantized("b")).layout());
    assertEquals(new QdqLayout.PerChannel(-1), constant(graph.dequantized("c")).layout());
    assertEquals("", constant(graph.dequantized("a")).zeroName());
    assertEquals(0, constant(graph.dequantized("a")).firstZero());
  }

  @Test
  void aConstantOfInt64IsDequantizedByACastAndAMul() {
    constants.put("b", Tensor.of(new long[] {1L << 40, -1}, 2));
    Node cast = Node.of("cast", OpType.onnx("Cast"), List.of("b"), List.of("c"), FLOAT);
    Node mul = Node.of("mul", OpType.onnx("Mul"), List.of("c", "s2"), List.of("y"));
    nodes.addAll(List.of(cast, mul));
    QdqGraph graph = graph();
    QuantizedValue value = constant(graph.dequantized("y"));
    assertEquals("b", value.value());
    assertEquals(DataType.INT64, value.type());
    assertEquals(new QdqLayout.PerChannel(0), value.layout());
    assertEquals(0, value.firstZero());
    assertTrue(graph.isDequantizing(mul));
    assertTrue(graph.isDequantizing(cast));
  }

  @Test
  void otherCastsAndProductsAreNone() {
    constants.put("b", Tensor.of(new long[] {4, 5, 6}, 3));
    constants.put("i", Tensor.of(new int[] {4, 5}, 2));
    for (String integers : List.of("b", "i")) {
      nodes.clear();
      Node cast = Node.of("cast", OpType.onnx("Cast"), List.of(integers), List.of("c"), FLOAT);
      Node mul = Node.of("mul", OpType.onnx("Mul"), List.of("c", "s2"), List.of("y"));
      nodes.addAll(List.of(cast, mul));
      assertEquals(Optional.empty(), graph().dequantized("y"), integers);
      assertFalse(graph().isDequantizing(cast), integers);
      assertFalse(graph().isDequantizing(mul), integers);
    }
  }

  @Test
  void aBlockSizeMakesRunsOfElements() {
    node(
        "dq",
        DEQUANTIZE,
        List.of("w", "s2"),
        "d",
        Attribute.of("axis", 0),
        Attribute.of("block_size", 2));
    assertEquals(new QdqLayout.Blocked(0, 2), constant(graph().dequantized("d")).layout());
  }

  @Test
  void aSingleBlockIsABlock() {
    node("dq", DEQUANTIZE, List.of("w", "s"), "d", Attribute.of("block_size", 4));
    QuantizedValue value = constant(graph().dequantized("d"));
    assertEquals(new QdqLayout.Blocked(1, 4), value.layout());
    assertFalse(value.isPerTensor());
  }

  @Test
  void computedScalesAreFoundInTheRun() {
    nodes.add(
        Node.of(
            "dynamic",
            OpType.onnx("DynamicQuantizeLinear"),
            List.of("x"),
            List.of("x_q", "x_s", "x_z")));
    node("dq", DEQUANTIZE, List.of("x_q", "x_s", "x_z"), "d");
    assertEquals(Optional.empty(), graph().dequantized("d"), "the type is not stated");
    values.put("x_z", value("x_z", DataType.UINT8));
    DynamicValue value = dynamic(graph().dequantized("d"));
    assertEquals(DataType.UINT8, value.type());
    assertEquals("x_s", value.scaleName());
    assertEquals("x_z", value.zeroName());
    assertEquals(Optional.empty(), value.layout());
    values.put("x_s", ValueInfo.of("x_s", TensorType.of(DataType.FLOAT, Shape.of())));
    assertEquals(
        Optional.of(new QdqLayout.PerTensor()), dynamic(graph().dequantized("d")).layout());
    values.put("x_s", ValueInfo.of("x_s", TensorType.of(DataType.FLOAT, Shape.of(2))));
    assertEquals(
        Optional.of(new QdqLayout.PerChannel(1)), dynamic(graph().dequantized("d")).layout());
  }

  @Test
  void aComputedZeroPointMakesAValueDynamicToo() {
    values.put("zero", value("zero", DataType.INT8));
    node("q", QUANTIZE, List.of("x", "s", "zero"), "q");
    assertEquals("zero", dynamic(graph().quantized(node("q"))).zeroName());
  }

  @Test
  void quantizeLinearGivesTheTypeOfItsZeroPointAndElseUint8() {
    node("typed", QUANTIZE, List.of("x", "s", "z"), "a");
    node("plain", QUANTIZE, List.of("x", "s"), "b");
    node("stated", QUANTIZE, List.of("x", "s"), "c", Attribute.of("output_dtype", 5));
    QdqGraph graph = graph();
    assertEquals(DataType.INT8, graph.quantized(node("typed")).orElseThrow().type());
    assertEquals(DataType.UINT8, graph.quantized(node("plain")).orElseThrow().type());
    assertEquals(Optional.empty(), graph.quantized(node("stated")), "needs inferred types");
    values.put("c", value("c", DataType.INT16));
    assertEquals(DataType.INT16, graph().quantized(node("stated")).orElseThrow().type());
  }

  @Test
  void constantNodesHoldScalesToo() {
    nodes.add(
        Node.of(
            "c",
            OpType.onnx("Constant"),
            List.of(),
            List.of("scale"),
            Attribute.of("value", Tensor.of(new float[] {2f}))));
    node("dq", DEQUANTIZE, List.of("w", "scale"), "d");
    assertEquals(2f, constant(graph().dequantized("d")).firstScale());
  }

  @Test
  void readsConversionsOfBothDomainsAndNoOthers() {
    node("own", new OpType("com.microsoft", "DequantizeLinear"), List.of("w", "s"), "a");
    node("vendor", new OpType("acme", "DequantizeLinear"), List.of("w", "s"), "b");
    assertTrue(graph().dequantized("a").isPresent());
    assertTrue(QdqGraph.isConversion(node("own")));
    assertTrue(graph().dequantized("b").isEmpty());
    assertFalse(QdqGraph.isConversion(node("vendor")));
  }

  @Test
  void otherScalesThanFloatAndOtherValuesThanIntegersAreNoQuantizedValue() {
    constants.put("half", Tensor.of(DataType.FLOAT16, new short[] {1}));
    constants.put("none", Tensor.of(new float[0], 0));
    constants.put("f8", Tensor.of(DataType.FLOAT8E4M3FN, new byte[4], 2, 2));
    node("a", DEQUANTIZE, List.of("w", "half"), "a");
    node("b", DEQUANTIZE, List.of("w", "none"), "b");
    node("c", DEQUANTIZE, List.of("f8", "s"), "c");
    node("d", DEQUANTIZE, List.of("w"), "d");
    node("e", DEQUANTIZE, List.of("w", "s", "s"), "e");
    QdqGraph graph = graph();
    for (String value : List.of("a", "b", "c", "d", "e")) {
      assertEquals(Optional.empty(), graph.dequantized(value), value);
    }
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new QuantizedValue(
                    "w",
                    DataType.INT8,
                    "z",
                    Tensor.of(DataType.INT8, new byte[1], 1),
                    "",
                    Optional.empty(),
                    new QdqLayout.PerTensor()));
    assertTrue(error.getMessage().contains("not FLOAT"), error.getMessage());
  }

  @Test
  void aResultIsQuantizedWhenAQuantizeLinearIsAllThatReadsIt() {
    node("relu", OpType.onnx("Relu"), List.of("x"), "r");
    node("q", QUANTIZE, List.of("r", "s", "z"), "q");
    assertEquals("q", graph().result(node("relu"), 0).orElseThrow().value());
    outputs.add(value("r", DataType.FLOAT));
    assertEquals(Optional.empty(), graph().result(node("relu"), 0));
    outputs.remove(1);
    node("other", OpType.onnx("Relu"), List.of("r"), "o");
    assertEquals(Optional.empty(), graph().result(node("relu"), 0));
    assertEquals(List.of("q", "other"), graph().readers("r").stream().map(Node::name).toList());
  }

  @Test
  void whatASubgraphReadsIsReadOutside() {
    node("relu", OpType.onnx("Relu"), List.of("x"), "r");
    node("q", QUANTIZE, List.of("r", "s", "z"), "q");
    Graph branch =
        new Graph(
            "branch",
            List.of(),
            List.of(value("inner", DataType.FLOAT)),
            Map.of(),
            List.of(Node.of("inner", OpType.onnx("Relu"), List.of("r"), List.of("inner"))),
            Map.of(),
            Optional.empty());
    nodes.add(
        Node.of(
            "if",
            OpType.onnx("If"),
            List.of("condition"),
            List.of("i"),
            new Attribute("then_branch", new Attribute.GraphValue(branch), Optional.empty())));
    assertTrue(graph().isReadOutside("r"));
    assertEquals(Optional.empty(), graph().result(node("relu"), 0));
  }

  @Test
  void valuesMeanTheSameWhenTypeScaleAndZeroPointAreEqual() {
    node("a", DEQUANTIZE, List.of("w", "s", "z"), "a");
    node("b", DEQUANTIZE, List.of("w", "s"), "b");
    QuantizedValue a = constant(graph().dequantized("a"));
    assertTrue(a.meansTheSameAs(a.named("other")));
    assertFalse(a.meansTheSameAs(constant(graph().dequantized("b"))));
  }

  private void node(
      String name, OpType op, List<String> operands, String result, Attribute... attributes) {
    nodes.add(Node.of(name, op, operands, List.of(result), attributes));
  }

  private Node node(String name) {
    return nodes.stream().filter(n -> n.name().equals(name)).findFirst().orElseThrow();
  }

  private QdqGraph graph() {
    return new QdqGraph(
        new Graph(
            "g",
            List.of(value("x", DataType.FLOAT)),
            outputs,
            constants,
            nodes,
            values,
            Optional.empty()));
  }

  private static QuantizedValue constant(Optional<QdqValue> value) {
    return assertInstanceOf(QuantizedValue.class, value.orElseThrow());
  }

  private static DynamicValue dynamic(Optional<QdqValue> value) {
    return assertInstanceOf(DynamicValue.class, value.orElseThrow());
  }

  private static ValueInfo value(String name, DataType type) {
    return ValueInfo.of(name, new TensorType(type, Optional.empty()));
  }
}
