package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.annotation.rules.ChannelAxis;
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
import dev.octet.kernels.lower.QdqLowering;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The axis that rules put the scales of a weight along is the one that integer kernels take. */
class OutputChannelAxisTest {

  private static final int SIZE = 3;

  @Test
  void weightsLowerWithScalesAlongTheAxisOfTheRulesAndNoOther() {
    assertLowersAlongItsAxis("Conv", 3);
    assertLowersAlongItsAxis("Conv", 4);
    assertLowersAlongItsAxis("Gemm", 2);
    assertLowersAlongItsAxis("Gemm", 2, Attribute.of("transB", 1));
    assertLowersAlongItsAxis("MatMul", 2);
    assertLowersAlongItsAxis("MatMul", 3);
  }

  private static void assertLowersAlongItsAxis(String op, int rank, Attribute... attributes) {
    Node node = Node.of("n", OpType.onnx(op), List.of("x_dq", "w_dq"), List.of("y"), attributes);
    int stated = new ChannelAxis.Output().of(node, rank);
    for (int axis = 0; axis < rank; axis++) {
      boolean lowers =
          QdqLowering.lower(model(node, rank, axis)).report().entries().stream()
              .anyMatch(entry -> entry.node().equals("n") && entry.isInteger());
      assertEquals(axis == stated, lowers, node + " with scales along axis " + axis);
    }
  }

  /** The node between DequantizeLinear and QuantizeLinear, every dimension of size 3. */
  private static Model model(Node node, int rank, int axis) {
    long[] sizes = new long[rank];
    Arrays.fill(sizes, SIZE);
    long[] integers = new long[(int) Math.pow(SIZE, rank)];
    Map<String, Tensor> constants = new LinkedHashMap<>();
    constants.put("scale", Tensor.of(new float[] {0.5f}));
    constants.put("zero", Tensor.ofIntegers(DataType.INT8, new long[] {0}));
    constants.put("w", Tensor.ofIntegers(DataType.INT8, integers, sizes));
    constants.put("scales", Tensor.of(new float[] {1f, 2f, 3f}, SIZE));
    List<Node> nodes =
        List.of(
            of("DequantizeLinear", List.of("x", "scale", "zero"), "x_dq"),
            of("DequantizeLinear", List.of("w", "scales"), "w_dq", Attribute.of("axis", axis)),
            node,
            of("QuantizeLinear", List.of("y", "scale", "zero"), "y_q"));
    Graph graph =
        new Graph(
            "g",
            List.of(ValueInfo.of("x", TensorType.of(DataType.INT8, Shape.of(sizes)))),
            List.of(ValueInfo.of("y_q", new TensorType(DataType.INT8, Optional.empty()))),
            constants,
            nodes,
            Map.of(),
            Optional.empty());
    return Model.of(graph, 21);
  }

  private static Node of(String op, List<String> operands, String result, Attribute... attributes) {
    return Node.of(result, OpType.onnx(op), operands, List.of(result), attributes);
  }
}
