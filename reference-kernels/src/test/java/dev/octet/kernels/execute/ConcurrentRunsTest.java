package dev.octet.kernels.execute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.runtime.Cancellation;
import dev.octet.fixtures.jdk.Callers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConcurrentRunsTest {

  private static final Callers CALLERS = new Callers(8);
  private static final int WIDTH = 8;

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void callersAtTheSameTimeGetTheAnswersThatTheyGetAlone(int threads) throws Exception {
    List<Map<String, Tensor>> inputs = new ArrayList<>();
    List<Map<String, Tensor>> alone = new ArrayList<>();
    try (GraphExecutor executor = GraphExecutor.of(model(), 1)) {
      for (int i = 0; i < 18; i++) {
        inputs.add(Map.of("x", batch(i % 6, i)));
        alone.add(executor.run(inputs.get(i)));
      }
    }
    try (GraphExecutor executor = GraphExecutor.of(model(), threads)) {
      CALLERS.share(
          4_000,
          run -> {
            int sample = run % inputs.size();
            assertEquals(alone.get(sample), executor.run(inputs.get(sample)), "run " + run);
          });
    }
  }

  @Test
  void everyCallerHearsOfItsOwnValuesOnItsOwnThread() throws Exception {
    try (GraphExecutor executor = GraphExecutor.of(model(), 2)) {
      CALLERS.share(
          200,
          run -> {
            Tensor x = batch(1 + run % 3, run);
            Thread caller = Thread.currentThread();
            executor.run(
                Map.of("x", x),
                Cancellation.never(),
                Set.of("x"),
                (name, data, count, sizes) -> {
                  assertEquals(caller, Thread.currentThread());
                  assertEquals(x, Tensor.of(Arrays.copyOf(data, count), sizes[0], WIDTH));
                });
          });
    }
  }

  @Test
  void aClosedExecutorRunsNoMoreAndMayBeClosedAgain() {
    GraphExecutor executor = GraphExecutor.of(model(), 2);
    Map<String, Tensor> inputs = Map.of("x", batch(2, 1));
    Map<String, Tensor> before = executor.run(inputs);
    Map<String, Tensor> closing =
        executor.run(
            inputs,
            Cancellation.never(),
            Set.of("x"),
            (name, data, count, sizes) -> executor.close());
    assertEquals(before, closing, "the run under way ends as usual");
    assertThrows(IllegalStateException.class, () -> executor.run(inputs));
    executor.close();
    assertEquals(List.of("x"), executor.inputs().stream().map(ValueInfo::name).toList());
  }

  private static Tensor batch(int rows, int seed) {
    float[] x = new float[rows * WIDTH];
    for (int i = 0; i < x.length; i++) {
      x[i] = (seed * 31 + i * 7) % 61 / 8f - 3.5f;
    }
    return Tensor.of(x, rows, WIDTH);
  }

  /** Integers with constant and computed right operands, floats, a choice and a loop. */
  private static Model model() {
    Map<String, Tensor> constants = new LinkedHashMap<>();
    byte[] w = new byte[WIDTH * WIDTH];
    for (int i = 0; i < w.length; i++) {
      w[i] = (byte) (i * 37 % 255 - 127);
    }
    constants.put("w", Tensor.of(DataType.INT8, w, WIDTH, WIDTH));
    constants.put("s", Tensor.of(new float[] {0.0625f}));
    constants.put("z", Tensor.ofIntegers(DataType.INT8, new long[] {3}));
    constants.put("three", Tensor.of(new long[] {3}));
    constants.put("limit", Tensor.of(new float[] {20f}));
    List<Node> nodes =
        List.of(
            node("QuantizeLinear", List.of("x", "s", "z"), "xq"),
            node("QLinearMatMul", List.of("xq", "s", "z", "w", "s", "z", "s", "z"), "yq"),
            node("DequantizeLinear", List.of("yq", "s", "z"), "y"),
            node("Softmax", List.of("y"), "p"),
            node("ReduceSum", List.of("y"), "total", Attribute.of("keepdims", 0L)),
            node("Less", List.of("total", "limit"), "small"),
            node(
                "If",
                List.of("small"),
                "chosen",
                branch("then_branch", node("Neg", List.of("p"), "n")),
                branch("else_branch", node("Add", List.of("p", "y"), "a"))),
            node("Loop", List.of("three", "", "chosen"), "out", branch("body", grow())));
    Shape shape = new Shape(List.of(new Dimension.Symbolic("N"), Dimension.of(WIDTH)));
    Graph graph =
        new Graph(
            "g",
            List.of(ValueInfo.of("x", TensorType.of(DataType.FLOAT, shape))),
            List.of(floats("p"), floats("out")),
            constants,
            nodes,
            Map.of(),
            Optional.empty());
    return Model.of(graph, 13);
  }

  private static Graph grow() {
    return new Graph(
        "body",
        List.of(
            ValueInfo.of("i", TensorType.of(DataType.INT64, Shape.of())),
            ValueInfo.of("go", TensorType.of(DataType.BOOL, Shape.of())),
            floats("v")),
        List.of(ValueInfo.of("go", TensorType.of(DataType.BOOL, Shape.of())), floats("sum")),
        Map.of(),
        List.of(node("Add", List.of("v", "y"), "sum")),
        Map.of(),
        Optional.empty());
  }

  private static Attribute branch(String name, Node node) {
    return branch(
        name,
        new Graph(
            name,
            List.of(),
            List.of(floats(node.results().get(0))),
            Map.of(),
            List.of(node),
            Map.of(),
            Optional.empty()));
  }

  private static Attribute branch(String name, Graph graph) {
    return new Attribute(name, new Attribute.GraphValue(graph), Optional.empty());
  }

  private static ValueInfo floats(String name) {
    return ValueInfo.of(name, new TensorType(DataType.FLOAT, Optional.empty()));
  }

  private static Node node(String op, List<String> operands, String result, Attribute... more) {
    return Node.of(result + "_node", OpType.onnx(op), operands, List.of(result), more);
  }
}
