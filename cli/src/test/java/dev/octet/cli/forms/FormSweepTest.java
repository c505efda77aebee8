package dev.octet.cli.forms;

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
        List<Map<String, Tensor>> inputs = List.of(choosing(chosen), choosing(1 - chosen));
        FormSweep.Result result = sweep.tried(branching(), inputs, target);
        assertEquals(FormSweep.Outcome.EQUAL, result.outcome(), target + ": " + result.words());
      }
    }
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

  private static Map<String, Tensor> choosing(int branch) {
    return Map.of(
        "x", Place.numbers(3, 8, 8), "c", Tensor.of(DataType.BOOL, new byte[] {(byte) branch}));
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
