package dev.octet.api.pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import dev.octet.api.graph.ValueType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class NodeConditionTest {

  private static final NodeView MATMUL =
      NodeView.example(
          Node.of("n", OpType.onnx("MatMul"), List.of("x", "w"), List.of("y")),
          Map.of("w", Tensor.of(new float[6], 2, 3)));

  @Test
  void saysItsWordsWhereItDoesNotHold() {
    NodeCondition wide = wide("acme.wide", n -> n.size(1, -1).orElse(0) > 2);
    Node narrow = Node.of("n", OpType.onnx("MatMul"), List.of("x", "w"), List.of("y"));
    NodeView other = NodeView.example(narrow, Map.of("w", Tensor.of(new float[4], 2, 2)));
    assertEquals(Optional.empty(), wide.failure(placed(MATMUL)));
    assertEquals(Optional.of("not: the weight is wide"), wide.failure(placed(other)));
  }

  @Test
  void refusesAnExampleThatDoesNotMeetIt() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> wide("acme.wide", n -> false));
    assertTrue(e.getMessage().contains("does not hold for its example, node 'n'"), e.getMessage());
  }

  @Test
  void refusesAnIdThatCouldBeOneOfOctet() {
    for (String id : List.of("wide", "acme.", ".wide", "Acme.wide", "acme.wide.er", "")) {
      assertThrows(IllegalArgumentException.class, () -> wide(id, n -> true), id);
    }
  }

  @Test
  void looksAtConstantsAroundASubgraphFromWithinIt() {
    Node inner = Node.of("inner", OpType.onnx("MatMul"), List.of("x", "w"), List.of("b"));
    Graph body =
        new Graph(
            "then",
            List.of(),
            List.of(info("b")),
            Map.of(),
            List.of(inner),
            Map.of(),
            Optional.empty());
    Node outer =
        Node.of(
            "if",
            OpType.onnx("If"),
            List.of("c"),
            List.of("y"),
            new Attribute("then_branch", new Attribute.GraphValue(body), Optional.empty()));
    Graph graph =
        new Graph(
            "g",
            List.of(info("x"), info("c")),
            List.of(info("y")),
            Map.of("w", Tensor.of(new float[6], 2, 3)),
            List.of(outer),
            Map.of(),
            Optional.empty());
    NodeView view = NodeView.of(graph, "inner");
    assertTrue(view.constant(1).isPresent());
    assertEquals(OptionalLong.of(3), view.size(1, 1));
    assertTrue(view.isOutput(0));
  }

  @Test
  void looksAtProducersAndReaders() {
    Node first = Node.of("first", OpType.onnx("Relu"), List.of("x"), List.of("a"));
    Node square = Node.of("square", OpType.onnx("Mul"), List.of("a", "a"), List.of("y"));
    Graph graph =
        new Graph(
            "g",
            List.of(info("x")),
            List.of(info("y")),
            Map.of(),
            List.of(first, square),
            Map.of(),
            Optional.empty());
    NodeView view = NodeView.of(graph, "square");
    NodeView producer = view.producer(1).orElseThrow();
    assertEquals("first", producer.node().name());
    assertEquals(
        List.of(0, 1), producer.readers(0).stream().map(NodeView.Reader::operand).toList());
    assertEquals(Optional.empty(), producer.producer(0));
    assertEquals(OptionalInt.empty(), view.rank(0));
    for (int absent : new int[] {-1, 2}) {
      assertEquals(Optional.empty(), view.shape(absent));
      assertEquals(OptionalLong.empty(), view.size(absent, 0));
    }
    assertEquals(OptionalLong.empty(), view.size(0, 2));
    assertEquals(OptionalLong.of(3), NodeView.of(graph, "first").size(0, -1));
  }

  private static NodeCondition wide(String id, Predicate<NodeView> holds) {
    return NodeCondition.of(id, "the weight is wide", holds, MATMUL);
  }

  private static ValueInfo info(String name) {
    return ValueInfo.of(name, ValueType.TensorType.of(DataType.FLOAT, Shape.of(2, 3)));
  }

  private static PlacedNode placed(NodeView view) {
    return new PlacedNode() {
      @Override
      public NodeView view() {
        return view;
      }

      @Override
      public int entry() {
        return -1;
      }

      @Override
      public Optional<NodeView> matched(int step) {
        return Optional.empty();
      }

      @Override
      public boolean isQuantized(int operand) {
        return false;
      }

      @Override
      public boolean followsMatch(int operand) {
        return false;
      }
    };
  }
}
