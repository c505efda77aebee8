package dev.octet.api.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AttributeTest {

  private static final Graph A = graph("a");
  private static final Graph B = graph("b");

  @Test
  void aValueTellsItsSubgraphsAndItsTensor() {
    Tensor tensor = Tensor.of(new float[] {1}, 1);
    assertEquals(List.of(A), new Attribute.GraphValue(A).graphs());
    assertEquals(List.of(A, B), new Attribute.GraphsValue(List.of(A, B)).graphs());
    assertEquals(List.of(), new Attribute.TensorValue(tensor).graphs());
    assertEquals(Optional.of(tensor), new Attribute.TensorValue(tensor).tensor());
    assertEquals(Optional.empty(), new Attribute.GraphValue(A).tensor());
  }

  @Test
  void aValueTakesAsManyOtherSubgraphsAsItHas() {
    assertEquals(new Attribute.GraphValue(B), new Attribute.GraphValue(A).withGraphs(List.of(B)));
    assertEquals(
        new Attribute.GraphsValue(List.of(B, A)),
        new Attribute.GraphsValue(List.of(A, B)).withGraphs(List.of(B, A)));
    assertEquals(new Attribute.IntValue(1), new Attribute.IntValue(1).withGraphs(List.of()));
  }

  @Test
  void aValueRefusesMoreOrFewerSubgraphs() {
    for (Attribute.Value value :
        List.of(
            new Attribute.IntValue(1),
            new Attribute.GraphsValue(List.of(A)),
            new Attribute.GraphValue(A))) {
      assertThrows(IllegalArgumentException.class, () -> value.withGraphs(List.of(A, B)));
    }
  }

  @Test
  void aNodeTakesOtherSubgraphsInTheOrderOfItsAttributes() {
    Node node =
        Node.of(
            "n",
            OpType.onnx("If"),
            List.of("c"),
            List.of("y"),
            new Attribute("else_branch", new Attribute.GraphValue(A), Optional.empty()),
            Attribute.of("note", 1L),
            new Attribute("others", new Attribute.GraphsValue(List.of(B, A)), Optional.empty()));
    Node turned = node.withSubgraphs(List.of(B, A, A));
    assertEquals(List.of(B, A, A), turned.subgraphs());
    assertEquals(
        List.copyOf(node.attributes().keySet()), List.copyOf(turned.attributes().keySet()));
    assertEquals(
        "2 subgraphs in the place of 3 of node 'n'",
        assertThrows(IllegalArgumentException.class, () -> node.withSubgraphs(List.of(A, B)))
            .getMessage());
  }

  private static Graph graph(String name) {
    return new Graph(name, List.of(), List.of(), Map.of(), List.of(), Map.of(), Optional.empty());
  }
}
