package dev.octet.kernels.execute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

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
import dev.octet.api.runtime.Parallelism;
import dev.octet.kernels.compile.Compilation;
import dev.octet.kernels.compile.CompiledNode;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Operator;
import dev.octet.kernels.compile.OperatorKernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.dialect.IntegerDialect;
import dev.octet.kernels.operators.Operators;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CompiledConstantsTest {

  private final List<String> calls = new ArrayList<>();
  private final Map<String, Tensor> constants = new LinkedHashMap<>();

  /** Adds a constant that it keeps in a form of its own. */
  private final class AddPacked implements CompiledNode {
    private final float addend;

    AddPacked(Compilation compilation) {
      this.addend = compilation.constant(1).orElseThrow().tensor().floats()[0];
      calls.add("compile " + compilation.node().name());
    }

    @Override
    public Kernel bind(Preparation preparation) {
      calls.add("bind " + preparation.result(0));
      return (operands, results, workers) -> {
        assertNull(operands[1], "what is compiled is not given to runs");
        float[] x = (float[]) operands[0];
        float[] y = (float[]) results[0];
        for (int i = 0; i < preparation.result(0).count(); i++) {
          y[i] = x[i] + addend;
        }
      };
    }

    @Override
    public boolean reads(int operand) {
      return operand != 1;
    }
  }

  private Optional<OperatorKernel> kernel(OpType op) {
    if (op.is("Add")) {
      return Optional.of(Operator.compiled(AddPacked::new));
    }
    Operator counted =
        Operator.compiled(
            compilation -> {
              calls.add("compile " + compilation.node().name());
              return Operators.kernelOf(op).orElseThrow().compile(compilation);
            });
    return Optional.of(op.is("Shape") ? counted.ofSizes() : counted);
  }

  private GraphExecutor executor(Node... nodes) {
    Shape shape = new Shape(List.of(new Dimension.Symbolic("N")));
    String output = nodes[nodes.length - 1].results().get(0);
    Graph graph =
        new Graph(
            "g",
            List.of(ValueInfo.of("x", TensorType.of(DataType.FLOAT, shape))),
            List.of(ValueInfo.of(output, new TensorType(DataType.FLOAT, Optional.empty()))),
            constants,
            List.of(nodes),
            Map.of(),
            Optional.empty());
    return GraphExecutor.of(Model.of(graph, 13), this::kernel, Parallelism.threads(1));
  }

  private static Node node(String op, List<String> operands, String result) {
    return Node.of(result, OpType.onnx(op), operands, List.of(result));
  }

  private static float[] run(GraphExecutor executor, float... x) {
    return executor.run(Map.of("x", Tensor.of(x, x.length))).values().iterator().next().floats();
  }

  @Test
  void aNodeIsCompiledOnceAndBoundToEachShapeOnce() {
    constants.put("c", Tensor.of(new float[] {10f}));
    try (GraphExecutor executor = executor(node("Add", List.of("x", "c"), "y"))) {
      for (int i = 0; i < 3; i++) {
        assertArrayEquals(new float[] {11f}, run(executor, 1f));
        assertArrayEquals(new float[] {11f, 12f}, run(executor, 1f, 2f));
      }
    }
    assertEquals(List.of("compile y", "bind FLOAT[1]", "bind FLOAT[2]"), calls);
  }

  @Test
  void whatFollowsFromConstantsIsComputedOnceAndNodesAreCompiledWithIt() {
    constants.put("c", Tensor.of(new float[] {10f}));
    Node negated = node("Neg", List.of("c"), "n");
    try (GraphExecutor executor = executor(negated, node("Add", List.of("x", "n"), "y"))) {
      assertArrayEquals(new float[] {-9f}, run(executor, 1f));
      assertArrayEquals(new float[] {-9f, -8f}, run(executor, 1f, 2f));
    }
    assertEquals(List.of("compile n", "compile y", "bind FLOAT[1]", "bind FLOAT[2]"), calls);
  }

  /** A weight with groups is taken as it is stored, once for sequences of any length. */
  @Test
  void aWeightOfGroupsIsTakenOnceForEveryNumberOfRows() {
    constants.put("scale", Tensor.of(new float[] {1f}));
    constants.put("zero", Tensor.of(DataType.INT8, new byte[] {0}, 1));
    constants.put("w", Tensor.ofIntegers(DataType.INT4, new long[] {1, -8, 7, 2}, 4, 1));
    constants.put("scales", Tensor.of(new float[] {1f, 10f}, 2, 1));
    constants.put("rows", Tensor.of(new long[] {-1, 4}, 2));
    Node product =
        Node.of(
            "y",
            IntegerDialect.MATMUL_TO_FLOAT,
            List.of("q", "scale", "zero", "w", "scales"),
            List.of("y"),
            Attribute.of(IntegerDialect.BLOCK_SIZE, 2L));
    Node cast =
        Node.of("q", OpType.onnx("Cast"), List.of("r"), List.of("q"), Attribute.of("to", 3L));
    Node rows = node("Reshape", List.of("x", "rows"), "r");
    try (GraphExecutor executor = executor(rows, cast, product)) {
      for (int count : new int[] {1, 7, 256, 7}) {
        float[] x = new float[4 * count];
        Arrays.fill(x, 1f);
        float[] y = run(executor, x);
        assertEquals(count, y.length);
        assertEquals(1 - 8 + 10 * (7 + 2), y[count - 1]);
      }
    }
    assertEquals(List.of("compile r", "compile q", "compile y"), calls);
  }

  @Test
  void whatFollowsFromSizesIsNoConstantOfTheModel() {
    Node sizes = node("Shape", List.of("x"), "s");
    try (GraphExecutor executor = executor(sizes, node("Neg", List.of("s"), "y"))) {
      for (int n : new int[] {3, 5, 3}) {
        Tensor y = executor.run(Map.of("x", Tensor.of(new float[n], n))).values().iterator().next();
        assertArrayEquals(new long[] {-n}, y.integers());
      }
    }
    assertEquals(List.of("compile s", "compile y"), calls);
  }
}
