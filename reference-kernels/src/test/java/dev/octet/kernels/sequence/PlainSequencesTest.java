package dev.octet.kernels.sequence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.execute.GraphExecutor;
import dev.octet.kernels.execute.SupportedOperators;
import dev.octet.kernels.operators.OperatorSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlainSequencesTest {

  private static final ValueInfo X =
      ValueInfo.of("x", TensorType.of(DataType.FLOAT, Shape.of(2, 3)));
  private static final ValueInfo Y =
      ValueInfo.of("y", new TensorType(DataType.FLOAT, Optional.empty()));
  private static final ValueInfo SEQUENCE =
      ValueInfo.of("q", new ValueType.Other("seq(tensor(FLOAT))"));
  private static final Map<String, Tensor> CONSTANTS =
      Map.of("one", Tensor.of(new long[] {1}), "two", Tensor.of(new long[] {2}));

  @Test
  void aModelWithoutSequencesIsLeftAsItIs() {
    Model model = model(node("r", "Relu", List.of("x"), "y"));
    assertSame(model, PlainSequences.without(model, OperatorSet.standard()));
  }

  @Test
  void whoReadsAnElementReadsTheTensor() {
    GraphEditor.Edited edited =
        edited(
            node("n", "Neg", List.of("x"), "a"),
            node("s", "SequenceConstruct", List.of("x", "a"), "b"),
            node("copy", "Identity", List.of("b"), "d"),
            node("at", "SequenceAt", List.of("d", "one"), "c"),
            node("r", "Relu", List.of("c"), "y"));
    assertEquals(List.of("n Neg[x] -> [a]", "r Relu[a] -> [y]"), texts(edited.graph()));
    assertEquals(List.of(), edited.mapping().currentNames("s"));
    assertEquals(List.of(), edited.mapping().currentNames("at"));
  }

  @Test
  void anElementThatIsAnOutputIsACopy() {
    Graph graph =
        edited(
                constant("k", "last", -1),
                node("s", "SequenceConstruct", List.of("x"), "b"),
                node("at", "SequenceAt", List.of("b", "last"), "y"))
            .graph();
    assertEquals(List.of("k Constant[] -> [last]", "at Identity[x] -> [y]"), texts(graph));
  }

  @Test
  void whatDoesNotExistIsNotTaken() {
    for (long place : new long[] {2, -3}) {
      assertStays(
          constant("k", "place", place),
          node("s", "SequenceConstruct", List.of("x", "x"), "b"),
          node("at", "SequenceAt", List.of("b", "place"), "y"));
    }
    assertStays(
        node("s", "SequenceEmpty", List.of(), "b"),
        node("e", "SequenceErase", List.of("b"), "c"),
        node("i", "SequenceInsert", List.of("c", "x"), "d"),
        node("at", "ConcatFromSequence", List.of("d"), "y", Attribute.of("axis", 0)));
    assertStays(
        node("s", "SequenceEmpty", List.of(), "b"),
        node("at", "ConcatFromSequence", List.of("b"), "y", Attribute.of("axis", 0)));
    assertStays(
        node("s", "SequenceConstruct", List.of("x"), "b"),
        node("at", "SequenceAt", List.of("b"), "y"));
  }

  /** A position that is computed keeps everything around its sequence, and nothing else. */
  @Test
  void whatIsKnownInARunAloneStaysWithItsSequence() {
    Node[] nodes = {
      node("s", "SequenceConstruct", List.of("x", "x"), "b"),
      node("i", "SequenceInsert", List.of("b", "x"), "c"),
      node("l", "SequenceLength", List.of("b"), "d"),
      node("size", "Size", List.of("x"), "e"),
      node("at", "SequenceAt", List.of("c", "e"), "f"),
      node("p", "SplitToSequence", List.of("f", "two"), "h"),
      node("o", "SequenceAt", List.of("h", "one"), "k"),
      node("t", "SplitToSequence", List.of("x"), "m"),
      node("u", "SequenceAt", List.of("m", "one"), "y")
    };
    Graph graph = edited(nodes).graph();
    List<String> left = graph.nodes().stream().map(Node::name).toList();
    assertEquals(List.of("s", "i", "l", "size", "at", "p", "o", "t", "u"), left);
    assertTrue(graph.node("l").orElseThrow().op().is("Constant"));
    assertTrue(graph.node("t").orElseThrow().op().is("Split"));
    assertEquals(
        Set.of("s", "i", "at", "p", "o"), SupportedOperators.refusals(model(nodes)).keySet());
    OctetException refused =
        assertThrows(OctetException.class, () -> GraphExecutor.of(model(nodes), 1));
    assertEquals("OCT-GRAPH-001", refused.id());
    assertTrue(
        refused.getMessage().contains("at which position, is known in a run alone"),
        refused::getMessage);
  }

  @Test
  void aSequenceThatIsAnOutputStays() {
    Graph graph =
        new Graph(
            "g",
            List.of(X),
            List.of(SEQUENCE),
            CONSTANTS,
            List.of(node("s", "SplitToSequence", List.of("x", "one"), "q")),
            Map.of(),
            Optional.empty());
    Model model = Model.of(graph, 17);
    assertSame(model, PlainSequences.without(model, OperatorSet.standard()));
  }

  @Test
  void manyTensorsAreNoneThatAreLookedInto() {
    for (int count :
        new int[] {SequenceRewriting.MOST_TENSORS, SequenceRewriting.MOST_TENSORS + 1}) {
      ValueInfo many = ValueInfo.of("x", TensorType.of(DataType.FLOAT, Shape.of(count)));
      Graph graph =
          new Graph(
              "g",
              List.of(many),
              List.of(Y),
              CONSTANTS,
              List.of(
                  node("s", "SplitToSequence", List.of("x"), "b"),
                  node("at", "SequenceAt", List.of("b", "two"), "y")),
              Map.of(),
              Optional.empty());
      boolean plain =
          !PlainSequences.areIn(
              PlainSequences.without(Model.of(graph, 17), OperatorSet.standard()).graph());
      assertEquals(count == SequenceRewriting.MOST_TENSORS, plain);
    }
  }

  /** The numbers of a Split are an operand from operator set 13 on. */
  @Test
  void aSplitStatesItsNumbersAsItsOperatorSetHasThem() {
    Node[] nodes = {
      node(
          "s",
          "SplitToSequence",
          List.of("x"),
          "b",
          Attribute.of("axis", 1),
          Attribute.of("keepdims", 0)),
      node("c", "ConcatFromSequence", List.of("b"), "y", Attribute.of("axis", -1))
    };
    for (long opset : new long[] {11, 13, 24}) {
      Model plain = PlainSequences.without(model(opset, nodes), OperatorSet.standard());
      Node split = plain.graph().node("s").orElseThrow();
      assertEquals(opset >= 13 ? 2 : 1, split.operands().size());
      assertEquals(opset < 13, split.intsAttribute("split").isPresent());
      assertEquals(
          List.of("s", "s_Squeeze_0", "s_Squeeze_1", "s_Squeeze_2", "c"),
          plain.graph().nodes().stream().map(Node::name).toList());
      try (GraphExecutor executor = GraphExecutor.of(model(opset, nodes), 1)) {
        Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
        assertArrayEquals(
            new float[] {1, 4, 2, 5, 3, 6}, executor.run(Map.of("x", x)).get("y").floats());
      }
    }
  }

  /** Only parts of size one that no operand asked for lose their axis. */
  @Test
  void partsOfAStatedSizeKeepTheirAxis() {
    Node[] nodes = {
      node(
          "s",
          "SplitToSequence",
          List.of("x", "two"),
          "b",
          Attribute.of("axis", -1),
          Attribute.of("keepdims", 0)),
      node("at", "SequenceAt", List.of("b", "one"), "y")
    };
    try (GraphExecutor executor = GraphExecutor.of(model(nodes), 1)) {
      Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
      assertEquals(Tensor.of(new float[] {3, 6}, 2, 1), executor.run(Map.of("x", x)).get("y"));
    }
  }

  @Test
  void anOptionalValueThatIsATensorOrNothingIsKnown() {
    Graph graph =
        edited(
                node("h", "OptionalHasElement", List.of("x"), "a"),
                node("g", "OptionalGetElement", List.of("x"), "b"),
                node("s", "SequenceConstruct", List.of("b"), "q"),
                node("e", "OptionalGetElement", List.of("q"), "c"),
                node("i", "OptionalHasElement", List.of("q"), "d"),
                node("j", "OptionalHasElement", List.of(""), "f"),
                node("y", "ConcatFromSequence", List.of("c"), "y", Attribute.of("axis", 0)))
            .graph();
    assertEquals(
        List.of(
            "h Constant[] -> [a]",
            "i Constant[] -> [d]",
            "j Constant[] -> [f]",
            "y Concat[x] -> [y]"),
        texts(graph));
    List<Byte> held = new ArrayList<>();
    for (Node node : graph.nodes().subList(0, 3)) {
      held.add(node.tensorAttribute("value").orElseThrow().data().get(0));
    }
    assertEquals(List.of((byte) 1, (byte) 1, (byte) 0), held);
  }

  private static void assertStays(Node... nodes) {
    Graph graph = edited(nodes).graph();
    assertEquals(
        List.of(nodes).stream().map(Node::name).toList(),
        graph.nodes().stream().map(Node::name).toList());
    assertThrows(OctetException.class, () -> GraphExecutor.of(model(nodes), 1));
  }

  private static GraphEditor.Edited edited(Node... nodes) {
    return PlainSequences.write(model(nodes), OperatorSet.standard());
  }

  private static Model model(Node... nodes) {
    return model(17, nodes);
  }

  private static Model model(long opset, Node... nodes) {
    return Model.of(
        new Graph(
            "g", List.of(X), List.of(Y), CONSTANTS, List.of(nodes), Map.of(), Optional.empty()),
        opset);
  }

  private static Node constant(String name, String result, long value) {
    return Node.of(
        name,
        OpType.onnx("Constant"),
        List.of(),
        List.of(result),
        Attribute.of("value_int", value));
  }

  private static Node node(
      String name, String op, List<String> operands, String result, Attribute... attributes) {
    return Node.of(name, OpType.onnx(op), operands, List.of(result), attributes);
  }

  private static List<String> texts(Graph graph) {
    return graph.nodes().stream()
        .map(n -> n.name() + " " + n.op().name() + n.operands() + " -> " + n.results())
        .toList();
  }
}
