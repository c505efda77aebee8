package dev.octet.kernels.execute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
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
import dev.octet.api.runtime.Cancellation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ControlFlowTest {

  private static final float[] X = {1f, -2f, 3f};

  @Test
  void runsTheBranchThatTheConditionChooses() {
    Model model = model(List.of(bool("c"), floats("x", 3)), List.of(choice("c")), Map.of());
    assertArrayEquals(new float[] {-1f, 2f, -3f}, run(model, condition(true)));
    assertArrayEquals(new float[] {2f, -4f, 6f}, run(model, condition(false)));
  }

  @Test
  void runsAChoiceInAChoice() {
    Node inner = choice("c");
    Graph then = graph(List.of(), List.of("y"), List.of(inner), Map.of());
    Graph otherwise =
        graph(List.of(), List.of("z"), List.of(node("abs", "Abs", "x", "z")), Map.of());
    Node outer =
        Node.of(
            "outer",
            OpType.onnx("If"),
            List.of("c"),
            List.of("w"),
            branch("then_branch", then),
            branch("else_branch", otherwise));
    Model model =
        Model.of(
            graph(List.of(bool("c"), floats("x", 3)), List.of("w"), List.of(outer), Map.of()), 13);
    assertArrayEquals(new float[] {-1f, 2f, -3f}, run(model, condition(true)));
    assertArrayEquals(new float[] {1f, 2f, 3f}, run(model, condition(false)));
  }

  @Test
  void tellsOfValuesOfTheBranchThatRuns() {
    Model model = model(List.of(bool("c"), floats("x", 3)), List.of(choice("c")), Map.of());
    assertEquals(
        List.of("if/then_branch/t [-1.0, 2.0, -3.0]"),
        seen(model, condition(true), "if/then_branch/t", "if/else_branch/e"));
    assertEquals(
        List.of("if/else_branch/e [2.0, -4.0, 6.0]"),
        seen(model, condition(false), "if/then_branch/t", "if/else_branch/e"));
  }

  @Test
  void refusesToTellOfAValueThatNoSubgraphHas() {
    Model model = model(List.of(bool("c"), floats("x", 3)), List.of(choice("c")), Map.of());
    OctetException e =
        assertThrows(OctetException.class, () -> seen(model, condition(true), "if/then_branch/e"));
    assertEquals("OCT-RUN-004", e.id());
  }

  @Test
  void runsALoopAsOftenAsItSays() {
    // v = v + x, three times, and all the sums.
    Model model = loop(true, List.of(floats("x", 3)));
    Map<String, Tensor> outputs = outputs(model, Map.of("x", Tensor.of(X, 3)));
    assertArrayEquals(new float[] {4f, -8f, 12f}, floats(outputs, "last"));
    assertArrayEquals(
        new float[] {2f, -4f, 6f, 3f, -6f, 9f, 4f, -8f, 12f}, floats(outputs, "sums"));
    assertArrayEquals(new long[] {3, 3}, outputs.get("sums").sizes());
  }

  @Test
  void readsAValueFromAroundAnewInEveryIteration() {
    // The body's own values may lie where x lay, once it was read.
    Graph body =
        graph(
            List.of(scalar("i"), bool("go")),
            List.of("on", "y"),
            List.of(
                Node.of("on", OpType.onnx("Identity"), List.of("go"), List.of("on")),
                Node.of("a", OpType.onnx("Abs"), List.of("x"), List.of("a")),
                Node.of("b", OpType.onnx("Neg"), List.of("a"), List.of("b")),
                Node.of("c", OpType.onnx("Add"), List.of("b", "one"), List.of("c")),
                Node.of("d", OpType.onnx("Floor"), List.of("c"), List.of("y"))),
            Map.of("one", Tensor.of(new float[] {1f}, 1)));
    Node loop =
        Node.of(
            "loop", OpType.onnx("Loop"), List.of("m", ""), List.of("all"), branch("body", body));
    Model model =
        Model.of(
            graph(
                List.of(floats("x", 3)),
                List.of("all"),
                List.of(loop),
                Map.of("m", Tensor.of(new long[] {3}))),
            13);
    assertArrayEquals(
        new float[] {0f, -1f, -2f, 0f, -1f, -2f, 0f, -1f, -2f},
        run(model, Map.of("x", Tensor.of(X, 3))));
  }

  @Test
  void tellsOfALoopsValuesInEveryIteration() {
    Model model = loop(true, List.of(floats("x", 3)));
    assertEquals(
        List.of(
            "loop/body/v [1.0, -2.0, 3.0]",
            "loop/body/s [2.0, -4.0, 6.0]",
            "loop/body/v [2.0, -4.0, 6.0]",
            "loop/body/s [3.0, -6.0, 9.0]",
            "loop/body/v [3.0, -6.0, 9.0]",
            "loop/body/s [4.0, -8.0, 12.0]"),
        seen(model, Map.of("x", Tensor.of(X, 3)), "loop/body/v", "loop/body/s"));
  }

  @Test
  void givesEveryIterationOfALoopThatTheCallerCounts() {
    Model model = loop(false, List.of(floats("x", 3), scalar("m")));
    try (GraphExecutor executor = GraphExecutor.of(model, 1)) {
      for (int count : new int[] {2, 0, 3, 2}) {
        Map<String, Tensor> inputs =
            Map.of("x", Tensor.of(X, 3), "m", Tensor.of(new long[] {count}));
        Tensor sums = Optional.ofNullable(executor.run(inputs).get("sums")).orElseThrow();
        float[] expected = new float[3 * count];
        for (int i = 0; i < expected.length; i++) {
          expected[i] = (i / 3 + 2) * X[i % 3];
        }
        assertEquals(Tensor.of(expected, count, 3), sums);
      }
    }
  }

  @Test
  void aLoopWhoseConditionDoesNotHoldGivesNothing() {
    Model model = loop("go", List.of(floats("x", 3), scalar("m"), bool("go")), Map.of());
    Map<String, Tensor> inputs = new HashMap<>(Map.of("x", Tensor.of(X, 3)));
    inputs.put("m", Tensor.of(new long[] {2}));
    inputs.put("go", Tensor.of(new boolean[] {false}));
    assertArrayEquals(new long[] {0, 3}, outputs(model, inputs).get("sums").sizes());
    inputs.put("go", Tensor.of(new boolean[] {true}));
    assertArrayEquals(new long[] {2, 3}, outputs(model, inputs).get("sums").sizes());
  }

  @Test
  void refusesALoopWithoutACountThatGivesEveryIteration() {
    Model model = loop("", "", List.of(floats("x", 3)), Map.of());
    OctetException e =
        assertThrows(OctetException.class, () -> outputs(model, Map.of("x", Tensor.of(X, 3))));
    assertEquals("OCT-GRAPH-001", e.id());
    assertTrue(e.fact().contains("iterations is not known"), e.fact());
  }

  @Test
  void aLoopNeverRunsLessThanNotAtAll() {
    Model model = loop(List.of(floats("x", 3)), Map.of("m", Tensor.of(new long[] {-7})));
    Map<String, Tensor> outputs = outputs(model, Map.of("x", Tensor.of(X, 3)));
    assertArrayEquals(X, outputs.get("last").floats());
    assertArrayEquals(new long[] {0, 3}, outputs.get("sums").sizes());
  }

  @Test
  void refusesLoopsThatGiveMoreThanAnArrayHolds() {
    Model model = loop(List.of(floats("x", 3)), Map.of("m", Tensor.of(new long[] {1L << 40})));
    refuses("OCT-GRAPH-007", "more than 2^31 - 1 elements", model);
  }

  @Test
  void refusesLoopsWhoseCountIsNoNumber() {
    Model several = loop(List.of(floats("x", 3)), Map.of("m", Tensor.of(new long[] {1, 2}, 2)));
    refuses("OCT-GRAPH-002", "the number of its iterations is INT64[2]", several);
    Model real = loop(List.of(floats("x", 3)), Map.of("m", Tensor.of(new float[] {1})));
    refuses("OCT-GRAPH-005", "operand 0, M, is of type FLOAT", real);
  }

  @Test
  void refusesBranchesBesideThoseThatAnOperatorHas() {
    Node choice = choice("c");
    Graph third = graph(List.of(), List.of(), List.of(), Map.of());
    List<Attribute> all = new ArrayList<>(List.of(branch("between", third)));
    all.addAll(choice.attributes().values());
    Node three =
        Node.of("if", choice.op(), choice.operands(), List.of("y"), all.toArray(Attribute[]::new));
    Map<String, Tensor> constants = Map.of("c", Tensor.of(new boolean[] {true}));
    Model model =
        Model.of(graph(List.of(floats("x", 3)), List.of("y"), List.of(three), constants), 13);
    refuses("OCT-GRAPH-005", "it has 3 subgraphs, and not 2", model);
  }

  @Test
  void refusesBodiesThatSayOtherwiseWhatTheyAreGiven() {
    Model model = loop(List.of(floats("x", 3)), Map.of("m", Tensor.of(new long[] {3})));
    Node loop = model.graph().nodes().get(0);
    Graph body = loop.subgraphs().get(0);
    List<ValueInfo> inputs = new ArrayList<>(body.inputs());
    inputs.set(2, ValueInfo.of("v", ValueType.TensorType.of(DataType.UINT8, Shape.of(3))));
    Graph other =
        new Graph(
            body.name(),
            inputs,
            body.outputs(),
            body.initializers(),
            body.nodes(),
            body.values(),
            Optional.empty());
    Node changed = loop.withSubgraphs(List.of(other));
    Model wrong =
        Model.of(
            graph(
                List.of(floats("x", 3)),
                List.of("last", "sums"),
                List.of(changed),
                model.graph().initializers()),
            13);
    refuses("OCT-GRAPH-005", "input 'v' of its subgraph is UINT8, and it is given FLOAT", wrong);
  }

  @Test
  void refusesNodesWithoutAResult() {
    Node silent = Node.of("s", new OpType("com.microsoft", "QuickGelu"), List.of("x"), List.of(""));
    Node same = node("same", "Identity", "x", "y");
    Model model =
        Model.of(graph(List.of(floats("x", 3)), List.of("y"), List.of(silent, same), Map.of()), 13);
    refuses("OCT-GRAPH-005", "it has no result", model);
  }

  @Test
  void endsALoopThatNeverEnds() {
    Graph body =
        graph(
            List.of(scalar("i"), bool("go"), floats("v", 1)),
            List.of("go", "w"),
            List.of(node("same", "Identity", "v", "w")),
            Map.of());
    Node loop =
        Node.of(
            "loop", OpType.onnx("Loop"), List.of("", "", "x"), List.of("y"), branch("body", body));
    Model model =
        Model.of(graph(List.of(floats("x", 1)), List.of("y"), List.of(loop), Map.of()), 13);
    OctetException e =
        assertThrows(
            OctetException.class, () -> outputs(model, Map.of("x", Tensor.of(new float[] {1}, 1))));
    assertEquals("OCT-RUN-005", e.id());
    assertTrue(e.fact().contains("the loop has run 4194304 times"), e.fact());
  }

  private static void refuses(String id, String fact, Model model) {
    OctetException e =
        assertThrows(OctetException.class, () -> outputs(model, Map.of("x", Tensor.of(X, 3))));
    assertEquals(id, e.id(), e::getMessage);
    assertTrue(e.fact().contains(fact), e.fact());
  }

  @Test
  void endsALoopWhenItsConditionSaysSo() {
    // v = v + v while the first sum is below 10.
    Graph body =
        graph(
            List.of(scalar("i"), bool("go"), floats("v", 1)),
            List.of("on", "s"),
            List.of(
                Node.of("twice", OpType.onnx("Add"), List.of("v", "v"), List.of("s")),
                Node.of("less", OpType.onnx("Less"), List.of("s", "ten"), List.of("below")),
                Node.of("flat", OpType.onnx("Squeeze"), List.of("below"), List.of("on"))),
            Map.of("ten", Tensor.of(new float[] {10f}, 1)));
    Node loop =
        Node.of(
            "loop", OpType.onnx("Loop"), List.of("", "", "x"), List.of("y"), branch("body", body));
    Model model =
        Model.of(graph(List.of(floats("x", 1)), List.of("y"), List.of(loop), Map.of()), 13);
    assertArrayEquals(new float[] {12f}, run(model, Map.of("x", Tensor.of(new float[] {1.5f}, 1))));
  }

  @Test
  void carriesValuesThatChangePlaces() {
    Graph body =
        graph(
            List.of(scalar("i"), bool("go"), floats("a", 1), floats("b", 1)),
            List.of("go", "b", "a"),
            List.of(),
            Map.of());
    Node loop =
        Node.of(
            "loop",
            OpType.onnx("Loop"),
            List.of("three", "", "x", "z"),
            List.of("p", "q"),
            branch("body", body));
    Model model =
        Model.of(
            graph(
                List.of(floats("x", 1), floats("z", 1)),
                List.of("p", "q"),
                List.of(loop),
                Map.of("three", Tensor.of(new long[] {3}))),
            13);
    Map<String, Tensor> outputs =
        outputs(
            model,
            Map.of("x", Tensor.of(new float[] {1f}, 1), "z", Tensor.of(new float[] {2f}, 1)));
    assertArrayEquals(new float[] {2f}, floats(outputs, "p"));
    assertArrayEquals(new float[] {1f}, floats(outputs, "q"));
  }

  @Test
  void scansAlongTheFirstAxis() {
    Graph body =
        graph(
            List.of(floats("h"), floats("e")),
            List.of("n", "o"),
            List.of(
                Node.of("add", OpType.onnx("Add"), List.of("h", "e"), List.of("n")),
                node("neg", "Neg", "n", "o")),
            Map.of());
    Node scan =
        Node.of(
            "scan",
            OpType.onnx("Scan"),
            List.of("zero", "x"),
            List.of("y", "all"),
            branch("body", body),
            Attribute.of("num_scan_inputs", 1L));
    Model model =
        Model.of(
            graph(
                List.of(floats("x", 3)),
                List.of("y", "all"),
                List.of(scan),
                Map.of("zero", Tensor.of(new float[] {0f}))),
            13);
    Map<String, Tensor> outputs = outputs(model, Map.of("x", Tensor.of(X, 3)));
    assertArrayEquals(new float[] {2f}, floats(outputs, "y"));
    assertArrayEquals(new float[] {-1f, 1f, -2f}, floats(outputs, "all"));
  }

  @Test
  void runsUnlikeBranchesByAFlagAloneAndRefusesOperatorsThatItDoesNotRun() {
    Node unlike =
        Node.of(
            "if",
            OpType.onnx("If"),
            List.of("c"),
            List.of("y"),
            branch("then_branch", graph(List.of(), List.of("x"), List.of(), Map.of())),
            branch(
                "else_branch",
                graph(
                    List.of(),
                    List.of("k"),
                    List.of(),
                    Map.of("k", Tensor.of(new float[] {1f}, 1)))));
    List<ValueInfo> inputs = List.of(bool("c"), floats("x", 3));
    Model flagged = model(inputs, List.of(unlike), Map.of());
    assertArrayEquals(X, run(flagged, condition(true)));
    assertArrayEquals(new float[] {1}, run(flagged, condition(false)));
    Node first = Node.of("first", OpType.onnx("Gather"), List.of("x", "zero"), List.of("f"));
    Node less = Node.of("less", OpType.onnx("Less"), List.of("f", "f"), List.of("c"));
    Model computed =
        model(
            List.of(floats("x", 3)),
            List.of(first, less, unlike),
            Map.of("zero", Tensor.of(new long[] {0})));
    OctetException e =
        assertThrows(OctetException.class, () -> run(computed, Map.of("x", Tensor.of(X, 3))));
    assertEquals("OCT-GRAPH-001", e.id());
    assertTrue(e.fact().contains("FLOAT[3]") && e.fact().contains("FLOAT[1]"), e.fact());
    Graph turning =
        graph(
            List.of(),
            List.of("t"),
            List.of(Node.of("own", new OpType("acme", "Turn"), List.of("x"), List.of("t"))),
            Map.of());
    Node odd =
        Node.of(
            "if",
            OpType.onnx("If"),
            List.of("c"),
            List.of("y"),
            branch("then_branch", turning),
            branch("else_branch", turning));
    Model model = model(List.of(bool("c"), floats("x", 3)), List.of(odd), Map.of());
    OctetException refused = assertThrows(OctetException.class, () -> GraphExecutor.of(model, 1));
    assertTrue(refused.fact().contains("node 'own' (acme.Turn) of its subgraph"), refused.fact());
  }

  /** The other branch gives two axes more, and Squeeze refuses what it would read. */
  @Test
  void plansOnlyTheBranchThatTheSizesOfTheInputsChoose() {
    Graph then =
        graph(
            List.of(),
            List.of("t"),
            List.of(Node.of("squeeze", OpType.onnx("Squeeze"), List.of("x", "axis"), List.of("t"))),
            Map.of());
    Graph otherwise =
        graph(List.of(), List.of("e"), List.of(node("neg", "Neg", "x", "e")), Map.of());
    Node choice =
        Node.of(
            "if",
            OpType.onnx("If"),
            List.of("c"),
            List.of("y"),
            branch("then_branch", then),
            branch("else_branch", otherwise));
    Shape rows = new Shape(List.of(new Dimension.Symbolic("N"), new Dimension.Known(2)));
    Model model =
        model(
            List.of(ValueInfo.of("x", ValueType.TensorType.of(DataType.FLOAT, rows))),
            List.of(
                node("shape", "Shape", "x", "sizes"),
                Node.of("n", OpType.onnx("Gather"), List.of("sizes", "first"), List.of("n")),
                Node.of("c", OpType.onnx("Equal"), List.of("n", "one"), List.of("c")),
                choice),
            Map.of(
                "first", Tensor.of(new long[] {0}),
                "one", Tensor.of(new long[] {1}),
                "axis", Tensor.of(new long[] {0}, 1)));
    Tensor one = outputs(model, Map.of("x", Tensor.of(new float[] {1, 2}, 1, 2))).get("y");
    assertEquals(Tensor.of(new float[] {1, 2}, 2), one);
    Tensor two = outputs(model, Map.of("x", Tensor.of(new float[] {1, 2, 3, 4}, 2, 2))).get("y");
    assertEquals(Tensor.of(new float[] {-1, -2, -3, -4}, 2, 2), two);
  }

  private static Node choice(String condition) {
    Graph then = graph(List.of(), List.of("t"), List.of(node("neg", "Neg", "x", "t")), Map.of());
    Graph otherwise =
        graph(
            List.of(),
            List.of("e"),
            List.of(Node.of("twice", OpType.onnx("Mul"), List.of("x", "two"), List.of("e"))),
            Map.of("two", Tensor.of(new float[] {2f})));
    return Node.of(
        "if",
        OpType.onnx("If"),
        List.of(condition),
        List.of("y"),
        branch("then_branch", then),
        branch("else_branch", otherwise));
  }

  private static Model loop(boolean constant, List<ValueInfo> inputs) {
    return loop(
        inputs, constant ? Map.of("m", Tensor.of(new long[] {3})) : Map.<String, Tensor>of());
  }

  private static Model loop(List<ValueInfo> inputs, Map<String, Tensor> constants) {
    return loop("", inputs, constants);
  }

  private static Model loop(
      String condition, List<ValueInfo> inputs, Map<String, Tensor> constants) {
    return loop("m", condition, inputs, constants);
  }

  private static Model loop(
      String count, String condition, List<ValueInfo> inputs, Map<String, Tensor> constants) {
    Graph body =
        graph(
            List.of(scalar("i"), bool("go"), floats("v", 3)),
            List.of("go", "s", "s2"),
            List.of(
                Node.of("add", OpType.onnx("Add"), List.of("v", "x"), List.of("s")),
                node("same", "Identity", "s", "s2")),
            Map.of());
    Node loop =
        Node.of(
            "loop",
            OpType.onnx("Loop"),
            List.of(count, condition, "x"),
            List.of("last", "sums"),
            branch("body", body));
    return Model.of(graph(inputs, List.of("last", "sums"), List.of(loop), constants), 13);
  }

  private static List<String> seen(Model model, Map<String, Tensor> inputs, String... observed) {
    List<String> seen = new ArrayList<>();
    try (GraphExecutor executor = GraphExecutor.of(model, 1)) {
      executor.run(
          inputs,
          Cancellation.never(),
          Set.of(observed),
          (name, data, count, sizes) ->
              seen.add(name + " " + Arrays.toString(Arrays.copyOf(data, count))));
    }
    return seen;
  }

  private static float[] run(Model model, Map<String, Tensor> inputs) {
    return outputs(model, inputs).values().iterator().next().floats();
  }

  private static Map<String, Tensor> outputs(Model model, Map<String, Tensor> inputs) {
    try (GraphExecutor executor = GraphExecutor.of(model, 2)) {
      Map<String, Tensor> first = executor.run(inputs);
      assertEquals(first, executor.run(inputs));
      return first;
    }
  }

  private static float[] floats(Map<String, Tensor> outputs, String name) {
    return Optional.ofNullable(outputs.get(name)).orElseThrow().floats();
  }

  private static Map<String, Tensor> condition(boolean value) {
    return Map.of("c", Tensor.of(new boolean[] {value}), "x", Tensor.of(X, 3));
  }

  private static Model model(
      List<ValueInfo> inputs, List<Node> nodes, Map<String, Tensor> constants) {
    return Model.of(graph(inputs, List.of("y"), nodes, constants), 13);
  }

  private static Graph graph(
      List<ValueInfo> inputs,
      List<String> outputs,
      List<Node> nodes,
      Map<String, Tensor> constants) {
    return new Graph(
        "g",
        inputs,
        outputs.stream()
            .map(o -> ValueInfo.of(o, new ValueType.TensorType(DataType.FLOAT, Optional.empty())))
            .toList(),
        constants,
        nodes,
        Map.of(),
        Optional.empty());
  }

  private static Node node(String name, String op, String operand, String result) {
    return Node.of(name, OpType.onnx(op), List.of(operand), List.of(result));
  }

  private static Attribute branch(String name, Graph graph) {
    return new Attribute(name, new Attribute.GraphValue(graph), Optional.empty());
  }

  private static ValueInfo floats(String name, long... sizes) {
    return ValueInfo.of(name, ValueType.TensorType.of(DataType.FLOAT, Shape.of(sizes)));
  }

  private static ValueInfo bool(String name) {
    return ValueInfo.of(name, ValueType.TensorType.of(DataType.BOOL, Shape.of()));
  }

  private static ValueInfo scalar(String name) {
    return ValueInfo.of(name, ValueType.TensorType.of(DataType.INT64, Shape.of()));
  }
}
