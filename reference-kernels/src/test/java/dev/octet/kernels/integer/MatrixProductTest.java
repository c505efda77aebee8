package dev.octet.kernels.integer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.kernels.execute.GraphExecutor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MatrixProductTest {

  private static final long SEED = 321;

  private static NodeCase product(
      Random random, long[] a, long[] b, int columns, boolean perColumn) {
    DataType aType = NodeCase.eightBits(random);
    DataType bType = NodeCase.eightBits(random);
    DataType yType = NodeCase.eightBits(random);
    int scales = perColumn ? columns : 1;
    float[] bScales = new float[scales];
    long[] bZeros = new long[scales];
    for (int i = 0; i < scales; i++) {
      bScales[i] = NodeCase.powerOfTwo(random, -5, -2);
      bZeros[i] = NodeCase.zeroPoint(random, bType);
    }
    return NodeCase.onnx("QLinearMatMul")
        .operand(NodeCase.random(random, aType, a))
        .scale(NodeCase.powerOfTwo(random, -5, -2))
        .zero(aType, NodeCase.zeroPoint(random, aType))
        .operand(NodeCase.random(random, bType, b))
        .scale(bScales)
        .zero(bType, bZeros)
        .scale(NodeCase.powerOfTwo(random, 0, 4))
        .zero(yType, NodeCase.zeroPoint(random, yType));
  }

  @Test
  void agreesWithExactArithmeticAroundTheSizesOfLanesAndBlocks() {
    Random random = new Random(SEED);
    for (int columns : new int[] {1, 7, 8, 9, 255, 256, 257}) {
      product(random, new long[] {3, 10}, new long[] {10, columns}, columns, columns % 2 == 1)
          .runExactly("columns " + columns);
    }
    for (int depth : new int[] {0, 1, 3, 4, 5, 63, 64, 65}) {
      product(random, new long[] {2, depth}, new long[] {depth, 5}, 5, false)
          .runExactly("depth " + depth);
    }
    for (int rows : new int[] {0, 1, 63, 64, 65, 130}) {
      product(random, new long[] {rows, 6}, new long[] {6, 4}, 4, true).runExactly("rows " + rows);
    }
  }

  @Test
  void broadcastsStacksOfMatrices() {
    Random random = new Random(SEED);
    product(random, new long[] {2, 3, 4, 5}, new long[] {5, 6}, 6, true).runExactly("right");
    product(random, new long[] {4, 5}, new long[] {2, 3, 5, 6}, 6, false).runExactly("left");
    product(random, new long[] {2, 1, 4, 5}, new long[] {3, 5, 6}, 6, false).runExactly("both");
    product(random, new long[] {5}, new long[] {2, 5, 6}, 6, false).runExactly("row");
    product(random, new long[] {2, 4, 5}, new long[] {5}, 1, false).runExactly("column");
    product(random, new long[] {5}, new long[] {5}, 1, false).runExactly("vectors");
  }

  @Test
  void givesTheSameIntegersWhenTheRightSideComesWithTheRun() {
    Random random = new Random(SEED);
    NodeCase node = product(random, new long[] {2, 70, 9}, new long[] {2, 9, 300}, 300, true);
    Map<String, Tensor> constants = new LinkedHashMap<>(node.operands());
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    inputs.put("v0", constants.remove("v0"));
    inputs.put("v3", constants.remove("v3"));
    Tensor expected = node.run().result();
    Graph graph =
        new Graph(
            "product",
            inputs.entrySet().stream()
                .map(e -> ValueInfo.of(e.getKey(), e.getValue().type()))
                .toList(),
            List.of(ValueInfo.of("result", expected.type())),
            constants,
            List.of(node.node()),
            Map.of(),
            Optional.empty());
    for (int threads : new int[] {1, 3}) {
      try (GraphExecutor executor = GraphExecutor.of(Model.of(graph, 21), threads)) {
        assertEquals(expected, executor.run(inputs).get("result"));
      }
    }
  }

  private static NodeCase gemm(Random random, long[] a, long[] b, long transA, long transB) {
    return NodeCase.microsoft("QGemm")
        .operand(NodeCase.random(random, DataType.UINT8, a))
        .scale(0.25f)
        .zero(DataType.UINT8, 77)
        .operand(NodeCase.random(random, DataType.INT8, b))
        .scale(0.5f)
        .zero(DataType.INT8, 0)
        .with(Attribute.of("transA", transA))
        .with(Attribute.of("transB", transB))
        .with(Attribute.of("alpha", 2f));
  }

  @Test
  void transposesEitherSideOfAGemm() {
    Random random = new Random(SEED);
    long[][] a = {{4, 7}, {7, 4}};
    long[][] b = {{7, 5}, {5, 7}};
    for (int ta = 0; ta < 2; ta++) {
      for (int tb = 0; tb < 2; tb++) {
        gemm(random, a[ta], b[tb], ta, tb)
            .without()
            .scale(64f)
            .zero(DataType.INT8, 5)
            .runExactly(ta + " " + tb);
      }
    }
  }

  @Test
  void addsAnAddendOfEachShapeThatBroadcasts() {
    Random random = new Random(SEED);
    for (long[] shape : new long[][] {{}, {1}, {5}, {1, 5}, {4, 1}, {4, 5}}) {
      int count = 1;
      for (long size : shape) {
        count *= (int) size;
      }
      gemm(random, new long[] {4, 7}, new long[] {7, 5}, 0, 0)
          .operand(Tensor.of(random.ints(count, -9999, 9999).toArray(), shape))
          .scale(64f)
          .zero(DataType.UINT8, 100)
          .runExactly(java.util.Arrays.toString(shape));
    }
  }

  @Test
  void givesFloatsWithoutAScaleOfTheResult() {
    NodeCase node =
        NodeCase.microsoft("QGemm")
            .operand(Tensor.ofIntegers(DataType.UINT8, new long[] {3, 5}, 1, 2))
            .scale(0.5f)
            .zero(DataType.UINT8, 1)
            .operand(Tensor.ofIntegers(DataType.INT8, new long[] {7, -2}, 2, 1))
            .scale(0.1f)
            .zero(DataType.INT8, 0);
    assertArrayEquals(new float[] {6f * (0.5f * 0.1f)}, node.run().result().floats());
  }

  @Test
  void givesInt32SumsForMatMulInteger() {
    NodeCase node =
        NodeCase.onnx("MatMulInteger")
            .operand(Tensor.ofIntegers(DataType.UINT8, new long[] {11, 7, 3, 10, 6, 2}, 2, 3))
            .operand(Tensor.ofIntegers(DataType.INT8, new long[] {1, 4, 2, 5, 3, 6}, 3, 2))
            .zero(DataType.UINT8, 12, 10)
            .zero(DataType.INT8, 0, 1);
    // Row zero points 12 and 10, column zero points 0 and 1.
    assertArrayEquals(
        new int[] {-1 * 1 - 5 * 2 - 9 * 3, -1 * 3 - 5 * 4 - 9 * 5, -4 * 2 - 8 * 3, -4 * 4 - 8 * 5},
        node.run().result().int32s());
  }
}
