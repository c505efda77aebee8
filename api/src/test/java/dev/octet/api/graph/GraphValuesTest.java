package dev.octet.api.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GraphValuesTest {

  private static final OpType RELU = OpType.onnx("Relu");
  private static final ValueType FLOATS =
      ValueType.TensorType.of(DataType.FLOAT, new Shape(List.of(Dimension.of(2))));
  private static final Tensor TENSOR = Tensor.of(new float[] {1, 2}, 2);

  private static final Node FIRST = Node.of("first", RELU, List.of("x"), List.of("y"));
  private static final Node THEN = Node.of("then", RELU, List.of("y"), List.of("inner"));
  private static final Node ELSE =
      Node.of("else", OpType.onnx("Add"), List.of("w", "astray"), List.of("inner", ""));
  private static final Node CHOICE =
      Node.of(
          "if",
          OpType.onnx("If"),
          List.of("c", ""),
          List.of("z"),
          subgraph("then_branch", THEN),
          subgraph("else_branch", ELSE));
  private static final GraphValues VALUES =
      GraphValues.of(
          new Graph(
              "main",
              List.of(ValueInfo.of("x", FLOATS), ValueInfo.of("c", FLOATS)),
              List.of(ValueInfo.of("y", FLOATS), ValueInfo.of("z", FLOATS)),
              Map.of("w", TENSOR),
              List.of(FIRST, CHOICE),
              Map.of(),
              Optional.empty()));

  @Test
  void listsInputsConstantsAndResultsWithThoseOfSubgraphsBehindTheirNode() {
    assertEquals(
        List.of("x", "c", "w", "y", "z", "inner", "inner"),
        VALUES.values().stream().map(GraphValues.Value::name).toList());
  }

  @Test
  void aSubgraphReadsTheValuesOfTheGraphsAroundIt() {
    GraphValues.Value y = VALUES.result(FIRST, 0).orElseThrow();
    assertEquals(y, VALUES.operand(THEN, 0).orElseThrow());
    assertEquals(List.of(new GraphValues.Use(THEN, 0)), y.uses());
    assertEquals(Point.operand("then", 0), y.uses().get(0).point());
    assertEquals(Optional.of(Point.result("first", 0)), y.definition());
    assertEquals(Optional.of(TENSOR), VALUES.operand(ELSE, 0).orElseThrow().constant());
  }

  @Test
  void valuesOfOneNameInSiblingSubgraphsAreDifferent() {
    GraphValues.Value then = VALUES.result(THEN, 0).orElseThrow();
    assertNotEquals(then, VALUES.result(ELSE, 0).orElseThrow());
    assertEquals("then_branch", then.graph().name());
    assertEquals(Optional.empty(), then.tensorType());
  }

  @Test
  void whatIsLeftOutIsNoValue() {
    assertEquals(Optional.empty(), VALUES.operand(CHOICE, 1));
    assertEquals(Optional.empty(), VALUES.operand(CHOICE, 2));
    assertEquals(Optional.empty(), VALUES.result(ELSE, 1));
  }

  @Test
  void aNameThatNoGraphDefinesIsAValueThatIsNotListed() {
    GraphValues.Value astray = VALUES.operand(ELSE, 1).orElseThrow();
    assertEquals(Optional.empty(), astray.definition());
    assertFalse(VALUES.values().contains(astray));
  }

  @Test
  void anOutputThatIsReadOnceHasMoreThanOneUse() {
    GraphValues.Value y = VALUES.result(FIRST, 0).orElseThrow();
    assertTrue(y.isOutput());
    assertFalse(y.hasOneUse());
    assertTrue(VALUES.operand(FIRST, 0).orElseThrow().hasOneUse());
  }

  @Test
  void knowsTypesAndShapesThatTheGraphStates() {
    GraphValues.Value x = VALUES.operand(FIRST, 0).orElseThrow();
    assertEquals(Optional.of(FLOATS), x.tensorType().map(type -> (ValueType) type));
    assertEquals(Optional.of(new Shape(List.of(Dimension.of(2)))), x.shape());
  }

  @Test
  void aNodeLiesBehindWhatItReadsAndBehindTheNodeAroundIt() {
    assertEquals(1, VALUES.depth(FIRST));
    assertEquals(1, VALUES.depth(CHOICE));
    assertEquals(2, VALUES.depth(THEN));
    assertEquals(2, VALUES.depth(ELSE));
    assertTrue(VALUES.inSameGraph(FIRST, CHOICE));
    assertFalse(VALUES.inSameGraph(THEN, ELSE));
    assertEquals(THEN, VALUES.node("then"));
  }

  private static Attribute subgraph(String name, Node node) {
    Graph graph =
        new Graph(name, List.of(), List.of(), Map.of(), List.of(node), Map.of(), Optional.empty());
    return new Attribute(name, new Attribute.GraphValue(graph), Optional.empty());
  }
}
