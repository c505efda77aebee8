package dev.octet.api.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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
    GraphValues.Value y = result(FIRST, 0).orElseThrow();
    assertEquals(y, operand(THEN, 0).orElseThrow());
    assertEquals(List.of(new GraphValues.Use(member(THEN), 0)), y.uses());
    assertEquals(Point.operand("then", 0), y.uses().get(0).point());
    assertEquals(Optional.of(Point.result("first", 0)), y.definition());
    assertEquals(Optional.of(member(FIRST)), y.producer());
    assertEquals(Optional.of(TENSOR), operand(ELSE, 0).orElseThrow().constant());
  }

  @Test
  void valuesOfOneNameInSiblingSubgraphsAreDifferent() {
    GraphValues.Value then = result(THEN, 0).orElseThrow();
    assertNotEquals(then, result(ELSE, 0).orElseThrow());
    assertEquals("then_branch", then.graph().name());
    assertEquals(Optional.empty(), then.tensorType());
  }

  @Test
  void whatIsLeftOutIsNoValue() {
    assertEquals(Optional.empty(), operand(CHOICE, 1));
    assertEquals(Optional.empty(), operand(CHOICE, 2));
    assertEquals(Optional.empty(), operand(CHOICE, -1));
    assertEquals(Optional.empty(), result(ELSE, 1));
  }

  @Test
  void aNameThatNoGraphDefinesIsAValueThatIsNotListed() {
    GraphValues.Value astray = operand(ELSE, 1).orElseThrow();
    assertEquals(Optional.empty(), astray.definition());
    assertFalse(VALUES.values().contains(astray));
  }

  @Test
  void anOutputThatIsReadOnceHasMoreThanOneUse() {
    GraphValues.Value y = result(FIRST, 0).orElseThrow();
    assertTrue(y.isOutput());
    assertFalse(y.hasOneUse());
    assertTrue(operand(FIRST, 0).orElseThrow().hasOneUse());
  }

  @Test
  void aValueThatASubgraphReturnsIsHandedOut() {
    Graph body =
        new Graph(
            "body",
            List.of(),
            List.of(ValueInfo.of("w", FLOATS), ValueInfo.of("nobody", FLOATS)),
            Map.of(),
            List.of(),
            Map.of(),
            Optional.empty());
    Attribute branch =
        new Attribute("then_branch", new Attribute.GraphValue(body), Optional.empty());
    Node choice = Node.of("if", OpType.onnx("If"), List.of("c"), List.of("z", "u"), branch);
    GraphValues values =
        GraphValues.of(
            new Graph(
                "main",
                List.of(ValueInfo.of("c", FLOATS)),
                List.of(ValueInfo.of("y", FLOATS)),
                Map.of("w", TENSOR, "v", TENSOR),
                List.of(choice, Node.of("relu", RELU, List.of("w"), List.of("y"))),
                Map.of(),
                Optional.empty()));
    GraphValues.Value w = values.value(Point.operand("relu", 0)).orElseThrow();
    assertTrue(w.isOutput());
    assertFalse(w.hasOneUse());
    assertEquals(Optional.empty(), w.output());
    assertEquals(
        List.of("w", "y"),
        values.values().stream()
            .filter(GraphValues.Value::isOutput)
            .map(GraphValues.Value::name)
            .toList());
  }

  @Test
  void knowsTypesAndShapesThatTheGraphStates() {
    GraphValues.Value x = operand(FIRST, 0).orElseThrow();
    assertEquals(Optional.of(FLOATS), x.tensorType().map(type -> (ValueType) type));
    assertEquals(Optional.of(new Shape(List.of(Dimension.of(2)))), x.shape());
  }

  @Test
  void aNodeLiesBehindWhatItReadsAndBehindTheNodeAroundIt() {
    assertEquals(1, member(FIRST).depth());
    assertEquals(1, member(CHOICE).depth());
    assertEquals(2, member(THEN).depth());
    assertEquals(2, member(ELSE).depth());
    assertTrue(member(FIRST).isBeside(member(CHOICE)));
    assertFalse(member(THEN).isBeside(member(ELSE)));
  }

  @Test
  void membersAreNumberedAsTheGraphListsItsNodes() {
    assertEquals(
        List.of(FIRST, CHOICE, THEN, ELSE),
        VALUES.members().stream().map(GraphValues.Member::node).toList());
    assertEquals(
        List.of(0, 1, 2, 3), VALUES.members().stream().map(GraphValues.Member::number).toList());
    assertEquals(Optional.empty(), VALUES.member("nobody"));
    assertEquals(Optional.empty(), VALUES.value(Point.result("nobody", 0)));
  }

  @Test
  void everyValueHasANumberOfItsOwn() {
    Set<Integer> numbers = new TreeSet<>();
    VALUES.values().forEach(value -> numbers.add(value.number()));
    numbers.add(operand(ELSE, 1).orElseThrow().number());
    assertEquals(Set.of(0, 1, 2, 3, 4, 5, 6, 7), numbers);
    assertEquals(8, VALUES.count());
  }

  private static GraphValues.Member member(Node node) {
    return VALUES.member(node.name()).orElseThrow();
  }

  private static Optional<GraphValues.Value> operand(Node node, int index) {
    return member(node).operand(index);
  }

  private static Optional<GraphValues.Value> result(Node node, int index) {
    return member(node).result(index);
  }

  private static Attribute subgraph(String name, Node node) {
    Graph graph =
        new Graph(name, List.of(), List.of(), Map.of(), List.of(node), Map.of(), Optional.empty());
    return new Attribute(name, new Attribute.GraphValue(graph), Optional.empty());
  }
}
