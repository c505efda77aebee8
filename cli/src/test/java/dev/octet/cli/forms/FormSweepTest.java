package dev.octet.cli.forms;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What backends emit runs in ONNX Runtime at its defaults. With {@code -Doctet.forms.all=true}
 * every form is tried on every operator set and for every backend, which takes some minutes.
 */
class FormSweepTest {

  private static final TensorType SQUARE = TensorType.of(DataType.FLOAT, Shape.of(8, 8));

  private final FormSweep sweep = new FormSweep();

  @Test
  void everyFormOfAnOperatorRunsAndGivesTheSameNumbers() {
    FormSweep.Count count = sweep.count(Boolean.getBoolean("octet.forms.all"));
    assertEquals(List.of(), count.wrong(), count::toString);
    System.out.println(count);
  }

  @Test
  void aBranchThatReturnsAConstantOfTheGraphRuns() {
    for (FormSweep.Target target : FormSweep.targets()) {
      for (int chosen = 0; chosen < 2; chosen++) {
        List<Map<String, Tensor>> inputs = List.of(branch(chosen), branch(1 - chosen));
        FormSweep.Result result = sweep.tried(branching(), inputs, target);
        assertEquals(FormSweep.Outcome.EQUAL, result.outcome(), target + ": " + result.words());
      }
    }
  }

  @Test
  void rowsOfATableRun() {
    for (FormSweep.Target target : FormSweep.targets()) {
      List<Map<String, Tensor>> inputs = List.of(choosing(8, 3, 0), choosing(1, 1, 2));
      FormSweep.Result result = sweep.tried(lookingUp(), inputs, target);
      assertEquals(FormSweep.Outcome.EQUAL, result.outcome(), target + ": " + result.words());
    }
  }

  @Test
  void aTableAndWhatIsReadFromItHaveOneScaleInOurOwnBackends() {
    for (FormSweep.Target target : FormSweep.targets().subList(0, 2)) {
      Graph quantized =
          sweep
              .quantized(lookingUp(), target, List.of(choosing(8, 3, 0), choosing(1, 1, 2)))
              .graph();
      Node table = definition(quantized, quantized.node("form").orElseThrow().operands().get(0));
      Tensor stored = quantized.initializers().get(table.operands().get(0));
      assertArrayEquals(new long[] {9, 8}, stored.sizes(), target::toString);
      assertEquals(9 * 8, stored.byteCount(), target::toString);
      String rows = quantized.node("form").orElseThrow().results().get(0);
      Node written = quantized.node(quantized.uses(rows).get(0).node()).orElseThrow();
      assertEquals("QuantizeLinear", written.op().name(), target::toString);
      assertEquals(
          table.operands().subList(1, 3), written.operands().subList(1, 3), target::toString);
    }
  }

  private static Node definition(Graph graph, String value) {
    return graph.nodes().stream()
        .filter(node -> node.results().contains(value))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, Tensor> choosing(long... rows) {
    return Map.of("x", Tensor.of(rows, 1, rows.length));
  }

  /** Some rows have larger values than those that are looked up. */
  private static Model lookingUp() {
    Graph graph =
        new Graph(
            "table",
            List.of(ValueInfo.of("x", TensorType.of(DataType.INT64, Shape.of(1, 3)))),
            List.of(ValueInfo.of("y", TensorType.of(DataType.FLOAT, Shape.of(1, 3, 8)))),
            Map.of(
                "table", Place.numbers(5, 9, 8),
                "places", Place.numbers(6, 3, 8),
                "w", Place.numbers(7, 8, 8)),
            List.of(
                node("form", "Gather", List.of("table", "x"), "t"),
                node("sum", "Add", List.of("t", "places"), "s"),
                node("last", "MatMul", List.of("s", "w"), "y")),
            Map.of(),
            Optional.empty());
    return Model.of(graph, 17);
  }

  @Test
  void partsThatPassedThroughASequenceRun() {
    for (FormSweep.Target target : FormSweep.targets()) {
      List<Map<String, Tensor>> inputs = List.of(Map.of("x", Place.numbers(3, 8, 8)));
      FormSweep.Result result = sweep.tried(throughASequence(), inputs, target);
      assertEquals(FormSweep.Outcome.EQUAL, result.outcome(), target + ": " + result.words());
      assertTrue(result.integer(), target::toString);
    }
  }

  /** The sizes are computed from constants, so that the parts are known once those are folded. */
  private static Model throughASequence() {
    Attribute axis = Attribute.of("axis", 0);
    Graph graph =
        new Graph(
            "sequence",
            List.of(ValueInfo.of("x", SQUARE)),
            List.of(ValueInfo.of("y", SQUARE)),
            Map.of("w", Place.numbers(7, 8, 8), "four", Tensor.of(new long[] {4}, 1)),
            List.of(
                node("first", "MatMul", List.of("x", "w"), "t"),
                node("sizes", "Concat", List.of("four", "four"), "n").withAttribute(axis),
                node("split", "SplitToSequence", List.of("t", "n"), "s"),
                node("count", "SequenceLength", List.of("s"), "l"),
                node("place", "Sub", List.of("l", "l"), "p"),
                node("one", "SequenceAt", List.of("s", "p"), "a"),
                node("form", "SequenceInsert", List.of("s", "a", "p"), "m"),
                node("shorter", "SequenceErase", List.of("m"), "r"),
                node("whole", "ConcatFromSequence", List.of("r"), "z").withAttribute(axis),
                node("last", "MatMul", List.of("z", "w"), "y")),
            Map.of(),
            Optional.empty());
    return Model.of(graph, 17);
  }

  private static Map<String, Tensor> branch(int chosen) {
    return Map.of(
        "x", Place.numbers(3, 8, 8), "c", Tensor.of(DataType.BOOL, new byte[] {(byte) chosen}));
  }

  private static Model branching() {
    Node copied = node("copied", "Identity", List.of("w"), "n");
    Node choice =
        node("form", "If", List.of("c"), "z")
            .withAttribute(branch("then_branch", "w"))
            .withAttribute(branch("else_branch", "n", copied));
    Graph graph =
        new Graph(
            "branches",
            List.of(
                ValueInfo.of("x", SQUARE),
                ValueInfo.of("c", TensorType.of(DataType.BOOL, Shape.of()))),
            List.of(ValueInfo.of("y", SQUARE)),
            Map.of("w", Place.numbers(7, 8, 8)),
            List.of(
                choice,
                node("first", "MatMul", List.of("x", "z"), "t"),
                node("last", "MatMul", List.of("t", "w"), "y")),
            Map.of(),
            Optional.empty());
    return Model.of(graph, 17);
  }

  private static Attribute branch(String name, String output, Node... nodes) {
    Graph body =
        new Graph(
            name,
            List.of(),
            List.of(ValueInfo.of(output, SQUARE)),
            Map.of(),
            List.of(nodes),
            Map.of(),
            Optional.empty());
    return new Attribute(name, new Attribute.GraphValue(body), Optional.empty());
  }

  private static Node node(String name, String op, List<String> operands, String result) {
    return Node.of(name, OpType.onnx(op), operands, List.of(result));
  }
}
