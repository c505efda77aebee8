package dev.octet.kernels.execute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
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
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.runtime.Cancellation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GraphExecutorTest {

  private static Node node(String op, List<String> operands, String result) {
    return Node.of(result + "_node", OpType.onnx(op), operands, List.of(result));
  }

  private static ValueInfo batched(String name, long size) {
    Shape shape = new Shape(List.of(new Dimension.Symbolic("N"), Dimension.of(size)));
    return ValueInfo.of(name, ValueType.TensorType.of(DataType.FLOAT, shape));
  }

  private static Model model(List<ValueInfo> inputs, Map<String, Tensor> constants, Node... nodes) {
    String output = nodes[nodes.length - 1].results().get(0);
    ValueInfo result =
        ValueInfo.of(output, new ValueType.TensorType(DataType.FLOAT, Optional.empty()));
    return Model.of(
        new Graph(
            "g", inputs, List.of(result), constants, List.of(nodes), Map.of(), Optional.empty()),
        13);
  }

  private static Model small() {
    return model(
        List.of(batched("x", 2)),
        Map.of("b", Tensor.of(new float[] {10, -20}, 2), "s", Tensor.of(new long[] {2, -1}, 2)),
        node("Add", List.of("x", "b"), "sum"),
        node("Relu", List.of("sum"), "positive"),
        node("Reshape", List.of("positive", "s"), "y"));
  }

  @Test
  void runsNodesInOrder() {
    try (GraphExecutor executor = GraphExecutor.of(small(), 1)) {
      Tensor y =
          executor
              .run(Map.of("x", Tensor.of(new float[] {1, 2, 3, 40, 5, 6, 7, 8}, 4, 2)))
              .get("y");
      assertArrayEquals(new long[] {2, 4}, y.sizes());
      assertArrayEquals(new float[] {11, 0, 13, 20, 15, 0, 17, 0}, y.floats());
    }
  }

  @Test
  void namesAnOperandThatNothingDefines() {
    Model model = model(List.of(batched("x", 2)), Map.of(), node("Add", List.of("x", "s"), "y"));
    OctetException refused =
        assertThrows(OctetException.class, () -> GraphExecutor.of(model, 1).close());
    assertEquals("OCT-GRAPH-001", refused.id());
    assertTrue(
        refused.getMessage().contains("operand 's' is defined nowhere"), refused::getMessage);
  }

  @Test
  void plansAgainWhenShapesChange() {
    try (GraphExecutor executor = GraphExecutor.of(small(), 2)) {
      for (int n : new int[] {2, 4, 2, 0, 6}) {
        float[] x = new float[2 * n];
        Tensor y = executor.run(Map.of("x", Tensor.of(x, n, 2))).get("y");
        assertArrayEquals(new long[] {2, n}, y.sizes());
      }
    }
  }

  @Test
  void tellsListenersInOrder() {
    List<String> heard = new ArrayList<>();
    try (GraphExecutor executor = GraphExecutor.of(small(), 1)) {
      executor.run(
          Map.of("x", Tensor.of(new float[] {1, 2, 3, 40}, 2, 2)),
          Cancellation.never(),
          Set.of("y", "x", "sum"),
          (name, data, count, sizes) ->
              heard.add(name + count + List.of(sizes[0], sizes[1]) + data[3]));
    }
    assertEquals(List.of("x4[2, 2]40.0", "sum4[2, 2]20.0", "y4[2, 2]20.0"), heard);
  }

  @Test
  void namesEveryUnsupportedNode() {
    Model model =
        model(
            List.of(batched("x", 2)),
            Map.of(),
            node("Frobnicate", List.of("x"), "a"),
            node("Relu", List.of("a"), "b"),
            node("Defrobnicate", List.of("b"), "y"));
    OctetException refused = assertThrows(OctetException.class, () -> GraphExecutor.of(model, 1));
    assertEquals("OCT-GRAPH-001", refused.id());
    assertTrue(refused.fact().contains("'a_node' (Frobnicate"), refused.fact());
    assertTrue(refused.fact().contains("'y_node' (Defrobnicate"), refused.fact());
  }

  @Test
  void refusesMissingUnknownAndMisshapenInputs() {
    Tensor x = Tensor.of(new float[4], 2, 2);
    try (GraphExecutor executor = GraphExecutor.of(small(), 1)) {
      assertEquals("OCT-RUN-006", failure(executor, Map.of()));
      assertEquals("OCT-RUN-001", failure(executor, Map.of("x", x, "z", x)));
      assertEquals("OCT-RUN-002", failure(executor, Map.of("x", x.reshaped(1, 4))));
      assertEquals("OCT-RUN-002", failure(executor, Map.of("x", x.reshaped(4))));
      assertEquals("OCT-RUN-002", failure(executor, Map.of("x", Tensor.of(new int[4], 2, 2))));
    }
  }

  @Test
  void anInputThatNoArrayHoldsIsRefusedByName() {
    Graph graph =
        new Graph(
            "g",
            List.of(ValueInfo.of("x", TensorType.of(DataType.FLOAT, Shape.of(1L << 31, 0)))),
            List.of(ValueInfo.of("y", new TensorType(DataType.FLOAT, Optional.empty()))),
            Map.of(),
            List.of(Node.of("node", OpType.onnx("Relu"), List.of("x"), List.of("y"))),
            Map.of(),
            Optional.empty());
    try (GraphExecutor executor = GraphExecutor.of(Model.of(graph, 14), 1)) {
      Map<String, Tensor> inputs = Map.of("x", Tensor.of(new float[0], 1L << 31, 0));
      OctetException e = assertThrows(OctetException.class, () -> executor.run(inputs));
      assertEquals("OCT-GRAPH-007", e.id());
      String message = String.valueOf(e.getMessage());
      assertTrue(message.contains("FLOAT[2147483648, 0] has more than 2^31 - 1"), message);
      assertTrue(message.contains("input 'x'"), message);
    }
  }

  private static String failure(GraphExecutor executor, Map<String, Tensor> inputs) {
    return assertThrows(OctetException.class, () -> executor.run(inputs)).id();
  }

  @Test
  void endsWhenTheThreadIsInterrupted() {
    try (GraphExecutor executor = GraphExecutor.of(small(), 1)) {
      Thread.currentThread().interrupt();
      Map<String, Tensor> inputs = Map.of("x", Tensor.of(new float[4], 2, 2));
      assertEquals("OCT-RUN-003", failure(executor, inputs));
      assertTrue(Thread.interrupted());
      assertArrayEquals(new float[] {10, 0, 10, 0}, executor.run(inputs).get("y").floats());
    }
  }

  /** Asked before each of the nodes, it cancels before the second. */
  @Test
  void endsBetweenNodesWhenTheRunIsCancelledAndRunsAgain() {
    List<String> heard = new ArrayList<>();
    try (GraphExecutor executor = GraphExecutor.of(small(), 1)) {
      Map<String, Tensor> inputs = Map.of("x", Tensor.of(new float[4], 2, 2));
      OctetException cancelled =
          assertThrows(
              OctetException.class,
              () ->
                  executor.run(
                      inputs,
                      () -> heard.contains("sum"),
                      Set.of("sum", "y"),
                      (name, data, count, sizes) -> heard.add(name)));
      assertEquals("OCT-RUN-007", cancelled.id());
      assertEquals("the work was cancelled", cancelled.fact());
      assertEquals(List.of("sum"), heard);
      assertArrayEquals(new float[] {10, 0, 10, 0}, executor.run(inputs).get("y").floats());
    }
  }

  @Test
  void contradictingShapesNameTheNode() {
    Model model =
        model(
            List.of(batched("x", 2)),
            Map.of("b", Tensor.of(new float[3], 3)),
            node("Add", List.of("x", "b"), "y"));
    try (GraphExecutor executor = GraphExecutor.of(model, 1)) {
      Map<String, Tensor> inputs = Map.of("x", Tensor.of(new float[4], 2, 2));
      OctetException refused = assertThrows(OctetException.class, () -> executor.run(inputs));
      assertEquals("OCT-GRAPH-002", refused.id());
      assertTrue(refused.getMessage().contains("y_node"), refused.getMessage());
    }
  }
}
