package dev.octet.workflow.normalise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import dev.octet.kernels.execute.GraphExecutor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReturnedValuesTest {

  private static final ValueType FLOATS = ValueType.TensorType.of(DataType.FLOAT, Shape.of(2));
  private static final ValueType CHOICE = ValueType.TensorType.of(DataType.BOOL, Shape.of());
  private static final Node NEGATED = node("negated", "Neg", List.of("w"), "n");

  private static final Node COPIED = node("copied", "Identity", List.of("w"), "m");

  @Test
  void aValueOfAnOuterGraphIsReturnedThroughAnIdentity() {
    Model model = model(choice("if", "z", body("w"), body("n", NEGATED)));
    Graph graph = Normaliser.normalise(model).model().graph();
    Graph taken = graph.nodes().get(0).subgraphs().get(0);
    assertEquals(
        List.of(node("w_Identity", "Identity", List.of("w"), "w_returned")), taken.nodes());
    assertEquals(List.of(ValueInfo.of("w_returned", FLOATS)), taken.outputs());
    assertEquals(List.of("n"), outputs(graph.nodes().get(0).subgraphs().get(1)));
    for (boolean chosen : new boolean[] {true, false}) {
      assertEquals(run(model, chosen), run(model.withGraph(graph), chosen));
    }
  }

  @Test
  void aSubgraphInASubgraphReturnsWhatLiesAroundBoth() {
    Graph inner = body("z", choice("inner", "z", body("w"), body("x")));
    Model model = model(choice("if", "z", inner, body("n", NEGATED)));
    Graph graph = Normaliser.normalise(model).model().graph();
    Node within = graph.nodes().get(0).subgraphs().get(0).nodes().get(0);
    assertEquals(List.of("w_returned"), outputs(within.subgraphs().get(0)));
    assertEquals(List.of("x_returned"), outputs(within.subgraphs().get(1)));
    assertEquals(List.of("z"), outputs(graph.nodes().get(0).subgraphs().get(0)));
    assertEquals(run(model, true), run(model.withGraph(graph), true));
  }

  @Test
  void whatBodiesReturnSeveralTimesIsCopiedByNodesOfSeveralNames() {
    Graph twice =
        new Graph(
            "twice",
            List.of(),
            List.of(ValueInfo.of("w", FLOATS), ValueInfo.of("w", FLOATS)),
            Map.of(),
            List.of(),
            Map.of(),
            Optional.empty());
    Node both = choice("if", "z", twice, twice).withResults(List.of("z", "other"));
    Graph graph = ReturnedValues.copied(model(both).graph());
    List<Graph> bodies = graph.nodes().get(0).subgraphs();
    assertEquals(List.of("w_returned", "w_returned_1"), outputs(bodies.get(0)));
    assertEquals(List.of("w_returned_2", "w_returned_3"), outputs(bodies.get(1)));
    assertEquals(
        List.of("w_Identity", "w_Identity_1", "w_Identity_2", "w_Identity_3"),
        bodies.stream().flatMap(body -> body.nodes().stream()).map(Node::name).toList());
    assertEquals(run(model(both), true), run(model(both).withGraph(graph), true));
  }

  @Test
  void aGraphWithoutSuchOutputsStaysAsItIs() {
    Graph graph = model(choice("if", "z", body("n", NEGATED), body("m", COPIED))).graph();
    assertSame(graph, ReturnedValues.copied(graph));
  }

  private static List<String> outputs(Graph graph) {
    return graph.outputs().stream().map(ValueInfo::name).toList();
  }

  private static Node node(String name, String op, List<String> operands, String result) {
    return Node.of(name, OpType.onnx(op), operands, List.of(result));
  }

  private static Graph body(String output, Node... nodes) {
    return new Graph(
        "body",
        List.of(),
        List.of(ValueInfo.of(output, FLOATS)),
        Map.of(),
        List.of(nodes),
        Map.of(),
        Optional.empty());
  }

  private static Node choice(String name, String result, Graph taken, Graph otherwise) {
    return node(name, "If", List.of("c"), result)
        .withAttribute(
            new Attribute("then_branch", new Attribute.GraphValue(taken), Optional.empty()))
        .withAttribute(
            new Attribute("else_branch", new Attribute.GraphValue(otherwise), Optional.empty()));
  }

  private static Model model(Node choice) {
    return Model.of(
        new Graph(
            "main",
            List.of(ValueInfo.of("x", FLOATS), ValueInfo.of("c", CHOICE)),
            List.of(ValueInfo.of("y", FLOATS)),
            Map.of("w", Tensor.of(new float[] {3, -4}, 2)),
            List.of(choice, node("sum", "Add", List.of("z", "x"), "y")),
            Map.of(),
            Optional.empty()),
        17);
  }

  private static Map<String, Tensor> run(Model model, boolean chosen) {
    try (GraphExecutor executor = GraphExecutor.of(model, 1)) {
      byte[] choice = {(byte) (chosen ? 1 : 0)};
      return executor.run(
          Map.of("x", Tensor.of(new float[] {1, 2}, 2), "c", Tensor.of(DataType.BOOL, choice)));
    }
  }
}
