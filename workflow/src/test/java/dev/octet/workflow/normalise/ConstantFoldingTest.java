package dev.octet.workflow.normalise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConstantFoldingTest {

  private static final Tensor MATRIX = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);

  @Test
  void replacesAChainOfConstantsByItsResult() {
    Models models =
        new Models()
            .input("x", 1, 2)
            .node("make", "Constant", List.of(), "m", Attribute.of("value", MATRIX))
            .node("turn", "Transpose", List.of("m"), "t")
            .node("turn2", "Transpose", List.of("t"), "w")
            .node("product", "MatMul", List.of("x", "w"), "y")
            .output("y", 2);
    NormalisedModel normalised = Normaliser.normalise(models.model(13));
    Graph graph = normalised.model().graph();
    assertEquals(List.of("product"), graph.nodes().stream().map(Node::name).toList());
    assertEquals(Map.of("w", MATRIX), graph.initializers());
    assertEquals(
        List.of("make", "turn", "turn2"),
        normalised.folded().stream().map(FoldedNode::name).toList());
    assertEquals("computed beforehand: constant 'w'", normalised.folded().get(2).became());
    assertEquals(List.of(), normalised.mapping().currentNames("turn"));
  }

  /** Both branches name their constants alike; one reads a constant of the graph around it, too. */
  @Test
  void whatABodyComputesFromConstantsBecomesItsOwn() {
    Node make = Node.of("make", OpType.onnx("Constant"), List.of(), List.of("m"), value(MATRIX));
    Node turn = Node.of("turn", OpType.onnx("Transpose"), List.of("m"), List.of("w"));
    Node product = Node.of("product", OpType.onnx("MatMul"), List.of("x", "w"), List.of("o"));
    Node outer = Node.of("outer", OpType.onnx("Add"), List.of("k", "k"), List.of("w"));
    Node sum = Node.of("sum", OpType.onnx("MatMul"), List.of("x", "w"), List.of("o"));
    Models models =
        new Models()
            .input("x", 1, 2)
            .constant("k", MATRIX)
            .constant("c", Tensor.of(DataType.BOOL, new byte[] {1}))
            .node(
                "if",
                "If",
                List.of("c"),
                "y",
                branch("then_branch", outer, sum),
                branch("else_branch", make, turn, product))
            .output("y", 2);
    NormalisedModel normalised = Normaliser.normalise(models.model(13));
    assertEquals(
        List.of("outer", "make", "turn"),
        normalised.folded().stream().map(FoldedNode::name).toList());
    Graph graph = normalised.model().graph();
    assertEquals(List.of("c"), List.copyOf(graph.initializers().keySet()));
    List<Graph> bodies = graph.nodes().get(0).subgraphs();
    assertEquals(
        Map.of("w", Tensor.of(new float[] {2, 4, 6, 8, 10, 12}, 2, 3)),
        bodies.get(0).initializers());
    assertEquals(
        Map.of("w", Tensor.of(new float[] {1, 4, 2, 5, 3, 6}, 3, 2)), bodies.get(1).initializers());
    assertEquals(List.of(sum), bodies.get(0).nodes());
    assertEquals(List.of(product), bodies.get(1).nodes());
  }

  /** What a body is given hides a constant of the same name around it. */
  @Test
  void anInputOfABodyIsNoConstant() {
    ValueInfo go = ValueInfo.of("go", ValueType.TensorType.of(DataType.BOOL, Shape.of()));
    ValueInfo given = ValueInfo.of("k", ValueType.TensorType.of(DataType.FLOAT, Shape.of(2, 3)));
    Node twice = Node.of("twice", OpType.onnx("Add"), List.of("k", "k"), List.of("t"));
    Node copy = Node.of("copy", OpType.onnx("Neg"), List.of("t"), List.of("o"));
    Graph body =
        new Graph(
            "body",
            List.of(
                ValueInfo.of("i", ValueType.TensorType.of(DataType.INT64, Shape.of())), go, given),
            List.of(go, ValueInfo.of("o", given.type())),
            Map.of(),
            List.of(twice, copy),
            Map.of(),
            Optional.empty());
    Models models =
        new Models()
            .constant("k", MATRIX)
            .node(
                "loop",
                "Loop",
                List.of("", "", "k"),
                "y",
                new Attribute("body", new Attribute.GraphValue(body), Optional.empty()))
            .output("y", 2);
    assertEquals(List.of(), Normaliser.normalise(models.model(13)).folded());
  }

  private static Attribute value(Tensor tensor) {
    return Attribute.of("value", tensor);
  }

  private static Attribute branch(String name, Node... nodes) {
    ValueInfo output = ValueInfo.of("o", new ValueType.Other("not stated"));
    Graph body =
        new Graph(
            name, List.of(), List.of(output), Map.of(), List.of(nodes), Map.of(), Optional.empty());
    return new Attribute(name, new Attribute.GraphValue(body), Optional.empty());
  }

  @Test
  void keepsAConstantThatOthersRead() {
    Models models =
        new Models()
            .input("x", 3, 2)
            .constant("m", MATRIX)
            .node("turn", "Transpose", List.of("m"), "t")
            .node("sum", "Add", List.of("x", "t"), "s")
            .node("product", "MatMul", List.of("s", "m"), "y")
            .output("y", 2);
    Graph graph = Normaliser.normalise(models.model(13)).model().graph();
    assertEquals(List.of("m", "t"), List.copyOf(graph.initializers().keySet()));
    assertEquals(2, graph.nodes().size());
  }

  @Test
  void keepsAConstantThatNobodyEverRead() {
    Models models =
        new Models()
            .input("x", 2)
            .constant("spare", MATRIX)
            .node("relu", "Relu", List.of("x"), "y")
            .output("y", 1);
    assertTrue(
        Normaliser.normalise(models.model(13)).model().graph().initializers().containsKey("spare"));
  }

  @Test
  void foldsNoQuantizedConstants() {
    Models models =
        new Models()
            .input("x", 2, 2)
            .constant("q", Tensor.of(DataType.INT8, new byte[] {1, 2, 3, 4, 5, 6}, 2, 3))
            .constant("scale", Tensor.of(new float[] {0.5f}))
            .node("dq", "DequantizeLinear", List.of("q", "scale"), "w")
            .node("product", "MatMul", List.of("x", "w"), "y")
            .output("y", 2);
    NormalisedModel normalised = Normaliser.normalise(models.model(13));
    assertEquals(List.of(), normalised.folded());
  }

  @Test
  void leavesANodeWhoseResultIsAnOutput() {
    Models models =
        new Models()
            .constant("m", MATRIX)
            .node("turn", "Transpose", List.of("m"), "y")
            .output("y", 2);
    assertEquals(1, Normaliser.normalise(models.model(13)).model().graph().nodes().size());
  }

  @Test
  void leavesANodeThatWouldBlowTheModelUp() {
    long small = 1000;
    long large = ConstantFolding.LARGEST_RESULT;
    for (long size : new long[] {small, large}) {
      Models models =
          new Models()
              .input("x", size)
              .constant("shape", Tensor.of(new long[] {size}, 1))
              .node("many", "ConstantOfShape", List.of("shape"), "m")
              .node("sum", "Add", List.of("x", "m"), "y")
              .output("y", 1);
      int nodes = Normaliser.normalise(models.model(13)).model().graph().nodes().size();
      assertEquals(size == small ? 1 : 2, nodes);
    }
  }

  @Test
  void leavesRandomNumbersAndUnknownOperators() {
    Models models =
        new Models()
            .input("x", 2, 3)
            .constant("m", MATRIX)
            .node("noise", "RandomNormalLike", List.of("m"), "n")
            .node(Node.of("own", new OpType("acme", "Turn"), List.of("m"), List.of("t")))
            .node("sum", "Add", List.of("x", "n"), "s")
            .node("sum2", "Add", List.of("s", "t"), "y")
            .output("y", 2);
    assertEquals(4, Normaliser.normalise(models.model(13)).model().graph().nodes().size());
  }

  @Test
  void statesTheTypesOfValues() {
    Models models =
        new Models()
            .input("x", 4, 2)
            .constant("m", MATRIX)
            .node("product", "MatMul", List.of("x", "m"), "p")
            .node("relu", "Relu", List.of("p"), "y")
            .output("y", 2);
    Graph graph = Normaliser.normalise(models.model(13)).model().graph();
    assertEquals("FLOAT[4, 3]", graph.type("p").orElseThrow().toString());
    assertFalse(graph.values().containsKey("y"));
  }
}
