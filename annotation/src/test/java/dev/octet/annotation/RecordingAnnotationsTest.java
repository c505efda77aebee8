package dev.octet.annotation;

import static dev.octet.annotation.Chains.A;
import static dev.octet.annotation.Chains.B;
import static dev.octet.annotation.Chains.graph;
import static dev.octet.annotation.Chains.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.NameMapping;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.NodeAnnotation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RecordingAnnotationsTest {

  private final Node relu = node("relu", "Relu", List.of("x"), "y");
  private final Node add = node("add", "Add", List.of("y", "x"), "z");
  private final Graph graph = graph(List.of("x"), List.of("z"), relu, add);
  private final RecordingAnnotations annotations = new RecordingAnnotations("acme", graph);

  @Test
  void decidesOnEveryNodeInTheOrderOfTheGraph() {
    annotations.claim("sum", List.of(add));
    annotations.markOperand(add, 1, A);
    annotations.markResult(add, 0, B);
    AnnotatedGraph annotated = annotations.finish();
    assertEquals(List.of("relu", "add"), List.copyOf(annotated.nodes().keySet()));
    assertEquals(
        Optional.of("no rule of backend 'acme' matches Relu"),
        annotated.nodes().get("relu").reason());
    NodeAnnotation decision = annotated.nodes().get("add");
    assertEquals(Optional.of("sum"), decision.rule());
    assertEquals(Map.of(1, A), decision.operands());
    assertEquals(Map.of(0, B), decision.results());
  }

  @Test
  void keepsTheFirstReason() {
    annotations.explain(relu, "first");
    annotations.explain(relu, "second");
    assertEquals(Optional.of("first"), annotations.finish().nodes().get("relu").reason());
  }

  @Test
  void ignoresTheReasonOfAClaimedNode() {
    annotations.explain(relu, "too slow");
    annotations.claim("act", List.of(relu));
    assertEquals(Optional.empty(), annotations.finish().nodes().get("relu").reason());
  }

  @Test
  void refusesASecondOwnerAndClaimsNothingOfThatMatch() {
    annotations.claim("first", List.of(add));
    OctetException e =
        assertThrows(OctetException.class, () -> annotations.claim("second", List.of(relu, add)));
    assertEquals("OCT-ANN-001", e.id());
    assertTrue(e.getMessage().contains("'first'") && e.getMessage().contains("'second'"));
    assertFalse(annotations.isClaimed(relu));
  }

  @Test
  void refusesANodeOfAnotherGraph() {
    Node other = node("relu", "Relu", List.of("z"), "y");
    OctetException e =
        assertThrows(OctetException.class, () -> annotations.claim("r", List.of(other)));
    assertEquals("OCT-ANN-002", e.id());
  }

  @Test
  void refusesAMarkOnANodeThatIsNotClaimed() {
    OctetException e = assertThrows(OctetException.class, () -> annotations.markResult(relu, 0, A));
    assertEquals("OCT-ANN-003", e.id());
  }

  @Test
  void refusesAPointThatDoesNotExist() {
    Node clip = node("clip", "Clip", List.of("x", "", "m"), "c");
    Graph clipped = graph(List.of("x", "m"), List.of("c"), clip);
    RecordingAnnotations marks = new RecordingAnnotations("acme", clipped);
    marks.claim("clip", List.of(clip));
    for (int index : new int[] {1, 3}) {
      OctetException e =
          assertThrows(OctetException.class, () -> marks.markOperand(clip, index, A));
      assertEquals("OCT-ANN-007", e.id());
    }
  }

  @Test
  void refusesASecondMarkOfAPoint() {
    annotations.claim("r", List.of(relu));
    annotations.markResult(relu, 0, A);
    OctetException e = assertThrows(OctetException.class, () -> annotations.markResult(relu, 0, A));
    assertEquals("OCT-ANN-004", e.id());
  }

  @Test
  void keepsThePointsThatOptOut() {
    annotations.optOutOfImplicitSharing(Point.operand("add", 1));
    assertEquals(List.of(Point.operand("add", 1)), List.copyOf(annotations.finish().unshared()));
    OctetException e =
        assertThrows(
            OctetException.class,
            () -> annotations.optOutOfImplicitSharing(Point.operand("add", 2)));
    assertEquals("OCT-ANN-007", e.id());
  }

  @Test
  void givesTheNamesOfFoldedNodes() {
    SortedMap<String, List<String>> folded = new TreeMap<>(Map.of("bn", List.of("relu")));
    RecordingAnnotations marks = new RecordingAnnotations("acme", graph, new NameMapping(folded));
    assertEquals(List.of("relu", "bn"), marks.userNames(relu));
    assertEquals(List.of("add"), marks.userNames(add));
  }

  @Test
  void decidesOnNodesOfSubgraphs() {
    Graph branch = graph(List.of(), List.of("b"), node("inner", "Relu", List.of("x"), "b"));
    Node choice =
        Node.of(
            "if",
            OpType.onnx("If"),
            List.of("c"),
            List.of("r"),
            new Attribute("then_branch", new Attribute.GraphValue(branch), Optional.empty()));
    Graph outer = graph(List.of("x", "c"), List.of("r"), choice);
    AnnotatedGraph annotated = new RecordingAnnotations("acme", outer).finish();
    assertEquals(List.of("if", "inner"), List.copyOf(annotated.nodes().keySet()));
  }
}
