package dev.octet.api.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GraphEditorTest {

  private static final ValueType FLOATS = ValueType.TensorType.of(DataType.FLOAT, Shape.of(2));

  @Test
  void anUntouchedGraphComesBackEqualInAllParts() {
    Graph graph = chain();
    GraphEditor.Edited edited = new GraphEditor(graph).finish();
    assertEquals(graph.nodes(), edited.graph().nodes());
    assertEquals(graph.initializers(), edited.graph().initializers());
    assertEquals(NameMapping.identity(), edited.mapping());
  }

  @Test
  void aNodeCanBeInsertedOnOneOfTwoOperandsThatReadTheSameValue() {
    Graph graph =
        graph(List.of(Node.of("add", OpType.onnx("Add"), List.of("x", "x"), List.of("y"))), "y");
    GraphEditor editor = new GraphEditor(graph);
    String fresh = editor.freshValueName("x");
    editor.insertBefore(
        "add", Node.of("id", OpType.onnx("Identity"), List.of("x"), List.of(fresh)));
    editor.setOperand("add", 1, fresh);
    Graph changed = editor.finish().graph();
    assertEquals(List.of("x", "x_1"), changed.node("add").orElseThrow().operands());
    assertEquals(List.of(Point.operand("id", 0), Point.operand("add", 0)), changed.uses("x"));
    assertEquals(List.of("x", "x"), graph.nodes().get(0).operands());
  }

  @Test
  void aReplacedNodeIsFoundByItsOldName() {
    GraphEditor editor = new GraphEditor(chain());
    editor.replace(
        "b",
        List.of(
            Node.of("b1", OpType.onnx("Abs"), List.of("u"), List.of("t")),
            Node.of("b2", OpType.onnx("Neg"), List.of("t"), List.of("v"))));
    GraphEditor.Edited edited = editor.finish();
    assertEquals(
        List.of("a", "b1", "b2", "c"), edited.graph().nodes().stream().map(Node::name).toList());
    assertEquals(List.of("b1", "b2"), edited.mapping().currentNames("b"));
    assertEquals(List.of("a"), edited.mapping().currentNames("a"));
  }

  @Test
  void aMappingNamesNodesOfTheGraphAndWhatIsLeftOfThem() {
    GraphEditor editor = new GraphEditor(chain());
    editor.replace("b", List.of(Node.of("d", OpType.onnx("Abs"), List.of("u"), List.of("v"))));
    editor.replace("d", List.of(Node.of("e", OpType.onnx("Neg"), List.of("u"), List.of("v"))));
    assertEquals(
        Map.of("b", List.of("e")), editor.finish().mapping().replaced(), "d came and went");
  }

  @Test
  void mappingsOfTwoPassesChain() {
    GraphEditor first = new GraphEditor(chain());
    first.replace("b", List.of(Node.of("d", OpType.onnx("Abs"), List.of("u"), List.of("v"))));
    GraphEditor.Edited one = first.finish();
    GraphEditor second = new GraphEditor(one.graph());
    second.replaceUses("v", "u");
    second.remove("d", "a");
    NameMapping both = one.mapping().then(second.finish().mapping());
    assertEquals(List.of("a"), both.currentNames("b"));
  }

  @Test
  void usesInsideSubgraphsFollowTheirValue() {
    Graph body =
        new Graph(
            "then",
            List.of(),
            List.of(info("r")),
            Map.of(),
            List.of(Node.of("inner", OpType.onnx("Abs"), List.of("u"), List.of("r"))),
            Map.of(),
            Optional.empty());
    Node branch =
        Node.of(
            "if",
            OpType.onnx("If"),
            List.of("cond"),
            List.of("y"),
            new Attribute("then_branch", new Attribute.GraphValue(body), Optional.empty()));
    Graph graph =
        graph(List.of(Node.of("a", OpType.onnx("Abs"), List.of("x"), List.of("u")), branch), "y");
    GraphEditor editor = new GraphEditor(graph);
    editor.insertAfter("a", Node.of("q", OpType.onnx("Identity"), List.of("u"), List.of("w")));
    editor.replaceUses("u", "w");
    editor.setOperand("q", 0, "u");
    Graph changed = editor.finish().graph();
    assertEquals(List.of("w"), changed.nodesWithSubgraphs().get(3).operands());
    assertEquals("inner", changed.nodesWithSubgraphs().get(3).name());
  }

  @Test
  void anEditThatReadsAValueBeforeItsDefinitionIsRefused() {
    GraphEditor editor = new GraphEditor(chain());
    editor.insertFirst(Node.of("early", OpType.onnx("Abs"), List.of("u"), List.of("z")));
    assertThrows(IllegalArgumentException.class, editor::finish);
  }

  @Test
  void namesStayUnique() {
    GraphEditor editor = new GraphEditor(chain());
    assertThrows(
        IllegalArgumentException.class,
        () -> editor.insertLast(Node.of("a", OpType.onnx("Abs"), List.of("y"), List.of("z"))));
    assertEquals("a_1", editor.freshNodeName("a"));
    assertEquals("u_1", editor.freshValueName("u"));
    assertEquals("u_2", editor.freshValueName("u"));
  }

  @Test
  void aFreshNameIsNoneThatTheGraphEverHad() {
    GraphEditor editor = new GraphEditor(chain());
    editor.setOperand("c", 0, "u");
    editor.remove("b");
    editor.putInitializer("w", Tensor.of(new float[] {1}, 1));
    editor.insertLast(Node.of("d", OpType.onnx("Abs"), List.of("u"), List.of("z")));
    assertEquals("v_1", editor.freshValueName("v"));
    assertEquals("w_1", editor.freshValueName("w"));
    assertEquals("z_1", editor.freshValueName("z"));
    editor.insertLast(Node.of("e", OpType.onnx("Abs"), List.of("u"), List.of("late")));
    assertEquals("late_1", editor.freshValueName("late"));
  }

  @Test
  void usesFollowEditsBeforeAndAfterTheyAreAskedFor() {
    GraphEditor editor = new GraphEditor(chain());
    editor.insertLast(Node.of("d", OpType.onnx("Abs"), List.of("v"), List.of("z")));
    editor.replaceUses("v", "u");
    editor.setOperand("d", 0, "v");
    editor.insertLast(Node.of("e", OpType.onnx("Abs"), List.of("v"), List.of("z2")));
    editor.replaceUses("v", "u");
    Graph changed = editor.finish().graph();
    assertEquals(List.of(), changed.uses("v"));
    assertEquals(List.of("u"), changed.node("c").orElseThrow().operands());
    assertEquals(List.of("u"), changed.node("d").orElseThrow().operands());
    assertEquals(List.of("u"), changed.node("e").orElseThrow().operands());
  }

  @Test
  void otherStatedTypesLeaveTheRestOfAGraph() {
    Graph graph = chain();
    ValueInfo stated = ValueInfo.of("v", ValueType.TensorType.of(DataType.FLOAT, Shape.of(3)));
    Graph typed = graph.withValues(Map.of("v", stated));
    assertEquals(Map.of("v", stated), typed.values());
    assertEquals(Optional.of(stated.type()), typed.type("v"));
    assertEquals(graph.nodes(), typed.nodes());
    assertEquals(graph.uses("v"), typed.uses("v"));
    assertEquals(graph.definition("v"), typed.definition("v"));
    assertEquals(graph.outputs(), typed.outputs());
    assertTrue(typed.isOutput(graph.outputs().get(0).name()));
    assertEquals(Map.of(), graph.values());
  }

  @Test
  void untouchedNodesAreTheSameObjects() {
    Graph graph = chain();
    GraphEditor editor = new GraphEditor(graph);
    editor.setOperand("c", 0, "u");
    Graph changed = editor.finish().graph();
    assertSame(graph.nodes().get(0), changed.nodes().get(0));
    assertFalse(changed.uses("v").contains(Point.operand("c", 0)));
  }

  private static Graph chain() {
    return graph(
        List.of(
            Node.of("a", OpType.onnx("Abs"), List.of("x"), List.of("u")),
            Node.of("b", OpType.onnx("Neg"), List.of("u"), List.of("v")),
            Node.of("c", OpType.onnx("Exp"), List.of("v"), List.of("y"))),
        "y");
  }

  private static Graph graph(List<Node> nodes, String output) {
    return new Graph(
        "g",
        List.of(info("x")),
        List.of(info(output)),
        Map.of("k", Tensor.of(new float[] {1f}, 1)),
        nodes,
        Map.of(),
        Optional.empty());
  }

  private static ValueInfo info(String name) {
    return ValueInfo.of(name, FLOATS);
  }
}
