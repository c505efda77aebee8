package dev.octet.api.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.ErrorKind;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeRefusalsTest {

  private static final Node FIRST =
      Node.of("first", OpType.onnx("Abs"), List.of("x"), List.of("a"));
  private static final Node SECOND =
      Node.of("second", new OpType("acme", "Fancy"), List.of("a"), List.of("y"));

  private static Graph graph() {
    TensorType type = TensorType.of(DataType.FLOAT, Shape.of(1));
    return new Graph(
        "net",
        List.of(ValueInfo.of("x", type)),
        List.of(ValueInfo.of("y", type)),
        Map.of(),
        List.of(FIRST, SECOND),
        Map.of(),
        Optional.empty());
  }

  @Test
  void namesEveryRefusedNodeInTheOrderOfTheGraph() {
    NodeRefusals refusals = NodeRefusals.of(graph());
    refusals.refuse(SECOND, "it is too fancy");
    refusals.refuse(FIRST, "there is no table");
    refusals.refuse(FIRST, "it is large");
    OctetException e = assertThrows(OctetException.class, refusals::throwIfAny);
    assertEquals("OCT-GRAPH-001", e.id());
    assertEquals(ErrorKind.BACKEND, e.kind());
    assertEquals(
        "2 nodes cannot be executed: 'first' (Abs: there is no table; it is large), 'second'"
            + " (acme.Fancy: it is too fancy)",
        e.fact());
    assertEquals(Optional.of("graph 'net'"), e.place());
  }

  @Test
  void refusesNothingWithoutAReason() {
    NodeRefusals refusals = NodeRefusals.of(graph());
    refusals.throwIfAny();
    assertTrue(refusals.error().isEmpty());
    assertThrows(IllegalArgumentException.class, () -> refusals.refuse(FIRST, " "));
    Node other = Node.of("other", OpType.onnx("Abs"), List.of("x"), List.of("z"));
    assertEquals(
        "graph 'net' has no node 'other'",
        assertThrows(IllegalArgumentException.class, () -> refusals.refuse(other, "why"))
            .getMessage());
  }
}
