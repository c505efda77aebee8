package dev.octet.kernels.infer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import dev.octet.kernels.operators.OperatorSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ShapeInferenceTest {

  private final List<ValueInfo> inputs = new ArrayList<>();
  private final Map<String, Tensor> constants = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();

  private void input(String name, Object... dimensions) {
    List<Dimension> shape = new ArrayList<>();
    for (Object each : dimensions) {
      shape.add(
          each instanceof String symbol
              ? new Dimension.Symbolic(symbol)
              : Dimension.of((Integer) each));
    }
    inputs.add(ValueInfo.of(name, ValueType.TensorType.of(DataType.FLOAT, new Shape(shape))));
  }

  private void node(String op, String result, List<String> operands, Attribute... attributes) {
    nodes.add(Node.of(result + "_node", OpType.onnx(op), operands, List.of(result), attributes));
  }

  private String type(String value) {
    Graph graph = new Graph("g", inputs, List.of(), constants, nodes, Map.of(), Optional.empty());
    return ShapeInference.infer(graph, 13).type(value).map(ValueType::toString).orElse("unstated");
  }

  @Test
  void aSymbolicBatchStaysThroughANetwork() {
    input("x", "N", 3, 32, 32);
    constants.put("w", Tensor.of(new float[16 * 27], 16, 3, 3, 3));
    constants.put("v", Tensor.of(new float[160], 10, 16));
    node(
        "Conv",
        "c",
        List.of("x", "w"),
        Attribute.of("pads", List.of(1L, 1L, 1L, 1L)),
        Attribute.of("strides", List.of(2L, 2L)));
    node("Relu", "r", List.of("c"));
    node("Add", "a", List.of("r", "c"));
    node("MaxPool", "m", List.of("a"), Attribute.of("kernel_shape", List.of(2L, 2L)));
    node("GlobalAveragePool", "g", List.of("m"));
    node("Flatten", "f", List.of("g"));
    node("Gemm", "y", List.of("f", "v"), Attribute.of("transB", 1));
    assertEquals("FLOAT[N, 16, 16, 16]", type("a"));
    assertEquals("FLOAT[N, 16, 15, 15]", type("m"));
    assertEquals("FLOAT[N, 16]", type("f"));
    assertEquals("FLOAT[N, 10]", type("y"));
  }

  @Test
  void aReshapeBySizesOfAShapeKeepsTheSymbol() {
    input("x", "N", 4, 6);
    constants.put("zero", Tensor.of(new long[] {0}, 1));
    constants.put("rest", Tensor.of(new long[] {24}, 1));
    node("Shape", "s", List.of("x"));
    node("Gather", "n", List.of("s", "zero"));
    node("Concat", "to", List.of("n", "rest"), Attribute.of("axis", 0));
    node("Reshape", "y", List.of("x", "to"));
    assertEquals("INT64[3]", type("s"));
    assertEquals("FLOAT[N, 24]", type("y"));
  }

  @Test
  void aReshapeWithAnOpenSizeKeepsTheSymbol() {
    input("x", "N", 4, 6);
    constants.put("to", Tensor.of(new long[] {-1, 24}, 2));
    constants.put("copy", Tensor.of(new long[] {0, -1}, 2));
    node("Reshape", "y", List.of("x", "to"));
    node("Reshape", "z", List.of("x", "copy"));
    assertEquals("FLOAT[N, 24]", type("y"));
    assertEquals("FLOAT[N, 24]", type("z"));
  }

  @Test
  void symbolsThatMayBeOneDoNotDecideABroadcast() {
    input("x", "N", 4);
    input("y", "M", 4);
    input("z", 3, 4);
    node("Add", "a", List.of("x", "y"));
    node("Add", "b", List.of("x", "z"));
    assertEquals("FLOAT[?, 4]", type("a"));
    assertEquals("FLOAT[3, 4]", type("b"));
  }

  @Test
  void unknownOperatorsAndContradictionsLeaveResultsUnstated() {
    input("x", 2, 3);
    input("y", 4, 5);
    node("Frobnicate", "f", List.of("x"));
    node("Relu", "r", List.of("f"));
    node("Add", "a", List.of("x", "y"));
    node("MatMul", "m", List.of("x", "y"));
    for (String value : List.of("f", "r", "a", "m")) {
      assertEquals("unstated", type(value));
    }
  }

  @Test
  void matricesMultiplyWithSymbols() {
    input("x", "batch", "sequence", 64);
    constants.put("w", Tensor.of(new float[64 * 3], 64, 3));
    node("MatMul", "m", List.of("x", "w"));
    node("Transpose", "t", List.of("m"), Attribute.of("perm", List.of(0L, 2L, 1L)));
    node("MatMul", "q", List.of("t", "x"));
    node("ReduceMean", "r", List.of("q"), Attribute.of("axes", List.of(-1L)));
    assertEquals("FLOAT[batch, sequence, 3]", type("m"));
    assertEquals("FLOAT[batch, 3, 64]", type("q"));
    assertEquals("FLOAT[batch, 3, 1]", type("r"));
  }

  @Test
  void movementKeepsWhatItDoesNotTouch() {
    input("x", "N", 8, 10);
    constants.put("one", Tensor.of(new long[] {1}, 1));
    constants.put("two", Tensor.of(new long[] {2}, 1));
    constants.put("most", Tensor.of(new long[] {Long.MAX_VALUE}, 1));
    constants.put("pads", Tensor.of(new long[] {0, 1, 0, 0, 2, 0}, 6));
    node("Slice", "s", List.of("x", "one", "most", "two"));
    node("Pad", "p", List.of("x", "pads"));
    node("Concat", "c", List.of("s", "s"), Attribute.of("axis", 1));
    node("Unsqueeze", "u", List.of("x", "one"));
    node("Squeeze", "q", List.of("u", "one"));
    assertEquals("FLOAT[N, 8, 9]", type("s"));
    assertEquals("FLOAT[N, 11, 10]", type("p"));
    assertEquals("FLOAT[N, 16, 9]", type("c"));
    assertEquals("FLOAT[N, 1, 8, 10]", type("u"));
    assertEquals("FLOAT[N, 8, 10]", type("q"));
  }

  /** An outer value is visible in a body; what the body is given has the type that it states. */
  @Test
  void bodiesSeeWhatIsKnownAroundThem() {
    Graph body =
        body(
            List.of(info("i", DataType.INT64), info("go", DataType.BOOL), floats("v", 1, 4)),
            List.of(info("go", DataType.BOOL), open("o")),
            Node.of("inner", OpType.onnx("Neg"), List.of("v"), List.of("n")),
            Node.of("product", OpType.onnx("MatMul"), List.of("n", "w"), List.of("o")));
    input("x", 1, 4);
    constants.put("w", Tensor.of(new float[12], 4, 3));
    control("Loop", List.of("", "", "x"), List.of("y"), new Attribute.GraphValue(body));
    Graph graph = new Graph("g", inputs, List.of(), constants, nodes, Map.of(), Optional.empty());
    Graph inside = ShapeInference.infer(graph, 13).nodes().get(0).subgraphs().get(0);
    assertEquals("Optional[FLOAT[1, 4]]", inside.type("n").toString());
    assertEquals("Optional[FLOAT[...]]", inside.type("o").toString());
    Graph throughout =
        ShapeInference.inferThroughout(Model.of(graph, 13), OperatorSet.standard())
            .nodes()
            .get(0)
            .subgraphs()
            .get(0);
    assertEquals("Optional[FLOAT[1, 3]]", throughout.type("o").toString());
  }

  @Test
  void anIfHasTheTypeThatBothOfItsBranchesHave() {
    input("x", "N", 4, 6);
    constants.put("w", Tensor.of(new float[30], 6, 5));
    branches("MatMul", List.of("x", "w"), "MatMul", List.of("x", "w"));
    assertEquals("FLOAT[N, 4, 5]", type("y"));
    nodes.clear();
    branches("MatMul", List.of("x", "w"), "Neg", List.of("x"));
    assertEquals("FLOAT[N, 4, ?]", type("y"));
    nodes.clear();
    branches("Flatten", List.of("x"), "Neg", List.of("x"));
    assertEquals("FLOAT[...]", type("y"));
    nodes.clear();
    branches("Shape", List.of("x"), "Neg", List.of("x"));
    assertEquals("unstated", type("y"));
    nodes.clear();
    branches("Frobnicate", List.of("x"), "Neg", List.of("x"));
    assertEquals("unstated", type("y"));
  }

  @Test
  void aLoopHandsOnWhatItBeganWithOrMadeAndStacksTheRest() {
    input("x", 2, 3);
    ValueInfo unstated = ValueInfo.of("v", new ValueType.Other("not stated"));
    Graph body =
        body(
            List.of(info("i", DataType.INT64), info("go", DataType.BOOL), unstated),
            List.of(info("go", DataType.BOOL), other("o"), other("s")),
            Node.of("square", OpType.onnx("Mul"), List.of("x", "x"), List.of("s")),
            Node.of("next", OpType.onnx("Neg"), List.of("v"), List.of("o")));
    control("Loop", List.of("", "", "x"), List.of("y", "z"), new Attribute.GraphValue(body));
    assertEquals("FLOAT[...]", type("y"));
    assertEquals("FLOAT[?, 2, 3]", type("z"));
  }

  @Test
  void aScanSlicesItsOperandsAndStacksAsMany() {
    input("state", 3);
    input("x", "T", 3);
    Graph body =
        body(
            List.of(floats("h", 3), ValueInfo.of("slice", new ValueType.Other("not stated"))),
            List.of(other("g"), other("s")),
            Node.of("sum", OpType.onnx("Add"), List.of("h", "slice"), List.of("g")),
            Node.of("row", OpType.onnx("Neg"), List.of("slice"), List.of("s")));
    control(
        "Scan",
        List.of("state", "x"),
        List.of("y", "z"),
        new Attribute.GraphValue(body),
        Attribute.of("num_scan_inputs", 1L));
    assertEquals("FLOAT[3]", type("y"));
    assertEquals("FLOAT[T, 3]", type("z"));
  }

  private void branches(
      String then, List<String> thenOperands, String otherwise, List<String> otherOperands) {
    inputs.removeIf(input -> input.name().equals("c"));
    inputs.add(info("c", DataType.BOOL));
    nodes.add(
        Node.of(
            "if",
            OpType.onnx("If"),
            List.of("c"),
            List.of("y"),
            branch("then_branch", then, thenOperands),
            branch("else_branch", otherwise, otherOperands)));
  }

  private static Attribute branch(String name, String op, List<String> operands) {
    Node node = Node.of(name + "_node", OpType.onnx(op), operands, List.of("b"));
    Attribute.Value value = new Attribute.GraphValue(body(List.of(), List.of(other("b")), node));
    return new Attribute(name, value, Optional.empty());
  }

  private void control(
      String op,
      List<String> operands,
      List<String> results,
      Attribute.Value body,
      Attribute... more) {
    Node node = Node.of("control", OpType.onnx(op), operands, results, more);
    nodes.add(node.withAttribute(new Attribute("body", body, Optional.empty())));
  }

  private static Graph body(List<ValueInfo> inputs, List<ValueInfo> outputs, Node... nodes) {
    return new Graph("body", inputs, outputs, Map.of(), List.of(nodes), Map.of(), Optional.empty());
  }

  private static ValueInfo info(String name, DataType type) {
    return ValueInfo.of(name, ValueType.TensorType.of(type, Shape.of()));
  }

  private static ValueInfo floats(String name, long... sizes) {
    return ValueInfo.of(name, ValueType.TensorType.of(DataType.FLOAT, Shape.of(sizes)));
  }

  private static ValueInfo open(String name) {
    return ValueInfo.of(name, new ValueType.TensorType(DataType.FLOAT, Optional.empty()));
  }

  private static ValueInfo other(String name) {
    return ValueInfo.of(name, new ValueType.Other("not stated"));
  }

  @Test
  void whatTheModelStatesIsKeptWhereNothingIsInferred() {
    input("x", 2);
    node("Frobnicate", "f", List.of("x"));
    ValueInfo stated = ValueInfo.of("f", ValueType.TensorType.of(DataType.INT8, Shape.of(5)));
    Graph graph =
        new Graph("g", inputs, List.of(), constants, nodes, Map.of("f", stated), Optional.empty());
    assertEquals(stated, ShapeInference.infer(graph, 13).values().get("f"));
  }
}
