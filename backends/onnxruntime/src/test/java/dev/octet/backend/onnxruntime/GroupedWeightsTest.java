package dev.octet.backend.onnxruntime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.Parallelism;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupedWeightsTest {

  private static final int INPUTS = 32;
  private static final int OUTPUTS = 2;

  @Test
  void groupsAreFoundWhereTheOtherOperandIsDynamic() {
    assertTrue(GroupedWeights.meetDynamicOperands(product("MatMul", true, 16, DataType.INT8)));
    assertTrue(GroupedWeights.meetDynamicOperands(product("Gemm", true, 8, DataType.INT4)));
    assertFalse(GroupedWeights.meetDynamicOperands(product("MatMul", true, 0, DataType.INT8)));
    assertFalse(GroupedWeights.meetDynamicOperands(product("MatMul", false, 16, DataType.INT8)));
  }

  /** 0 and 255 are among the inputs: their scale is 1, and every integer is itself. */
  @ParameterizedTest
  @CsvSource({"0, INT8", "8, INT8", "16, INT8", "16, INT4", "32, UINT4"})
  void aDynamicOperandMeetsTheScalesOfEachGroup(int group, DataType type) {
    float[] x = new float[INPUTS];
    for (int i = 0; i < INPUTS; i++) {
      x[i] = i == 0 ? 0 : i == 1 ? 255 : 7 * i % 256;
    }
    assertArrayEquals(expected(x, group), run(product("MatMul", true, group, type), x));
  }

  /** ONNX Runtime would quantize them: an error of a hundredth. */
  @ParameterizedTest
  @CsvSource({"0, INT8", "16, INT8", "0, INT4", "16, INT4", "32, UINT4"})
  void floatsBesideWeightsInFewBitsStayFloats(int group, DataType type) {
    float[] x = new float[INPUTS];
    for (int i = 0; i < INPUTS; i++) {
      x[i] = i == 0 ? 1 : 0x1p-9f;
    }
    assertArrayEquals(expected(x, group), run(product("MatMul", false, group, type), x));
  }

  private static float[] expected(float[] x, int group) {
    float[] y = new float[OUTPUTS];
    for (int k = 0; k < INPUTS; k++) {
      for (int n = 0; n < OUTPUTS; n++) {
        y[n] += x[k] * weight(k, n) * scale(group == 0 ? 0 : k / group, n);
      }
    }
    return y;
  }

  private static long weight(int input, int output) {
    return (input + 3L * output) % 8;
  }

  /** Powers of two, so that every sum is exact. */
  private static float scale(int group, int output) {
    return Math.scalb(1f, group - output);
  }

  private static float[] run(Graph graph, float[] x) {
    Model model = Model.of(graph, 21);
    try (ExecutableModel loaded =
        new OnnxRuntime().load(LoadRequest.of(model, Parallelism.threads(1)))) {
      return loaded.run(Map.of("x", Tensor.of(x, 1, INPUTS))).get("y").floats();
    }
  }

  private static Graph product(String op, boolean dynamic, int group, DataType type) {
    int groups = group == 0 ? 1 : INPUTS / group;
    long[] integers = new long[INPUTS * OUTPUTS];
    for (int i = 0; i < integers.length; i++) {
      integers[i] = weight(i / OUTPUTS, i % OUTPUTS);
    }
    float[] scales = new float[groups * OUTPUTS];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = scale(i / OUTPUTS, i % OUTPUTS);
    }
    long[] sizes = group == 0 ? new long[] {OUTPUTS} : new long[] {groups, OUTPUTS};
    Node weight = node("dw", "DequantizeLinear", List.of("w", "sw"), List.of("fw"));
    List<Node> nodes = new ArrayList<>();
    nodes.add(
        group == 0
            ? weight
            : weight
                .withAttribute(Attribute.of("axis", 0L))
                .withAttribute(Attribute.of("block_size", (long) group)));
    if (dynamic) {
      nodes.add(node("qx", "DynamicQuantizeLinear", List.of("x"), List.of("ix", "sx", "zx")));
      nodes.add(node("dx", "DequantizeLinear", List.of("ix", "sx", "zx"), List.of("fx")));
    }
    nodes.add(node("product", op, List.of(dynamic ? "fx" : "x", "fw"), List.of("y")));
    return new Graph(
        "g",
        List.of(value("x", INPUTS)),
        List.of(value("y", OUTPUTS)),
        Map.of(
            "w", Tensor.ofIntegers(type, integers, INPUTS, OUTPUTS),
            "sw", Tensor.of(scales, sizes)),
        nodes,
        Map.of(),
        Optional.empty());
  }

  private static Node node(String name, String op, List<String> operands, List<String> results) {
    return Node.of(name, OpType.onnx(op), operands, results);
  }

  private static ValueInfo value(String name, long last) {
    return ValueInfo.of(name, TensorType.of(DataType.FLOAT, Shape.of(1, last)));
  }
}
