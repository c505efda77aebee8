package dev.octet.kernels.lower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.execute.GraphExecutor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Operators on two tensors of integers give the integers of their reading in float. */
class PairLoweringTest {

  private static final int ALL = 256;

  @ParameterizedTest
  @ValueSource(strings = {"Sub", "Div", "Max", "Min"})
  void everyPairOfIntegersGivesThatOfTheReadingInFloat(String op) {
    for (DataType type : List.of(DataType.INT8, DataType.UINT8)) {
      Model model = model(type, Node.of("f", OpType.onnx(op), List.of("x0", "x1"), List.of("y")));
      Lowered lowered = QdqLowering.lower(model);
      assertEquals(List.of("QLinear" + op), operators(lowered), lowered.report().toString());
      long[] integers = run(lowered.model(), type);
      assertEquals(ALL * ALL, integers.length);
      assertArrayEquals(run(model, type), integers);
    }
  }

  @Test
  void everyIntegerAndSlopeGivesThatOfTheReadingInFloat() {
    Node prelu = Node.of("f", OpType.onnx("PRelu"), List.of("x0", "x1"), List.of("y"));
    for (DataType type : List.of(DataType.INT8, DataType.UINT8)) {
      Model model = model(type, prelu, ALL);
      Lowered lowered = QdqLowering.lower(model);
      assertEquals(List.of("QLinearPRelu"), operators(lowered), lowered.report().toString());
      assertArrayEquals(run(model, type, ALL), run(lowered.model(), type, ALL));
    }
  }

  @Test
  void leavesAMaxOfThreeInFloat() {
    Node max = Node.of("f", OpType.onnx("Max"), List.of("x0", "x1", "x0"), List.of("y"));
    Model model = model(DataType.INT8, max);
    Lowered lowered = QdqLowering.lower(model);
    assertEquals(
        List.of("DequantizeLinear", "DequantizeLinear", "Max", "QuantizeLinear"),
        operators(lowered));
    assertArrayEquals(run(model, DataType.INT8), run(lowered.model(), DataType.INT8));
  }

  private static List<String> operators(Lowered lowered) {
    return lowered.model().graph().nodes().stream().map(n -> n.op().name()).toList();
  }

  /** Rows of the first operand meet columns of the second; the zero points are among them. */
  private static Model model(DataType type, Node computed) {
    return model(type, computed, 1);
  }

  /** Rows of the first operand are repeated where an operator broadcasts the second one alone. */
  private static Model model(DataType type, Node computed, int repeated) {
    Map<String, Tensor> constants = new LinkedHashMap<>();
    List<Node> nodes = new ArrayList<>();
    constants.put("y_scale", Tensor.of(new float[] {0.13f}));
    long middle = type == DataType.INT8 ? 0 : 128;
    for (int i = 0; i < 2; i++) {
      constants.put("scale" + i, Tensor.of(new float[] {0.031f + 0.017f * i}));
      constants.put("zero" + i, Tensor.ofIntegers(type, new long[] {middle + 7 - 50 * i}));
      nodes.add(node("DequantizeLinear", List.of("q" + i, "scale" + i, "zero" + i), "x" + i));
    }
    nodes.add(computed);
    nodes.add(node("QuantizeLinear", List.of("y", "y_scale", "zero0"), "out"));
    Graph graph =
        new Graph(
            "g",
            List.of(
                ValueInfo.of("q0", TensorType.of(type, Shape.of(ALL, repeated))),
                ValueInfo.of("q1", TensorType.of(type, Shape.of(1, ALL)))),
            List.of(ValueInfo.of("out", TensorType.of(type, Shape.of(ALL, ALL)))),
            constants,
            nodes,
            Map.of(),
            Optional.empty());
    return Model.of(graph, 21);
  }

  private static Node node(String op, List<String> operands, String result) {
    return Node.of(result + "_node", OpType.onnx(op), operands, List.of(result));
  }

  private static long[] run(Model model, DataType type) {
    return run(model, type, 1);
  }

  private static long[] run(Model model, DataType type, int repeated) {
    long[] all = new long[ALL];
    for (int i = 0; i < ALL; i++) {
      all[i] = i - (type == DataType.INT8 ? 128 : 0);
    }
    long[] rows =
        LongStream.of(all).flatMap(q -> LongStream.generate(() -> q).limit(repeated)).toArray();
    Map<String, Tensor> inputs =
        Map.of(
            "q0",
            Tensor.ofIntegers(type, rows, ALL, repeated),
            "q1",
            Tensor.ofIntegers(type, all, 1, ALL));
    try (GraphExecutor executor = GraphExecutor.of(model, 1)) {
      return executor.run(inputs).get("out").integers();
    }
  }
}
