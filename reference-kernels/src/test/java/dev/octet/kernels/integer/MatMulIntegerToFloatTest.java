package dev.octet.kernels.integer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.dialect.IntegerDialect;
import dev.octet.kernels.exact.ExactResult;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Products of rows of integers and a matrix of integers with scales for blocks, in exact steps. */
class MatMulIntegerToFloatTest {

  private static final long SEED = 20261130;

  /** Scales are powers of two and sums small, so that every float operation is exact. */
  @Test
  void isExactForEveryShapeTypeAndBlock() {
    Random random = new Random(SEED);
    for (DataType right : List.of(DataType.INT8, DataType.UINT8, DataType.INT4, DataType.UINT2)) {
      for (int depth : new int[] {1, 7, 8, 9, 172}) {
        for (int block : new int[] {1, 8, 32, 172}) {
          for (int rows : new int[] {0, 1, 5}) {
            runExactly(random, right, depth, block, rows, false);
            runExactly(random, right, depth, block, rows, true);
          }
        }
      }
    }
  }

  private static void runExactly(
      Random random, DataType right, int depth, int block, int rows, boolean transposed) {
    int columns = 1 + random.nextInt(5);
    int groups = (depth + block - 1) / block;
    DataType left = NodeCase.eightBits(random);
    NodeCase node =
        NodeCase.of(IntegerDialect.MATMUL_TO_FLOAT)
            .operand(NodeCase.random(random, left, 1, rows, depth))
            .operand(Tensor.of(powers(random, rows), 1, rows, 1))
            .operand(NodeCase.random(random, left, 1, rows, 1))
            .operand(
                transposed
                    ? NodeCase.random(random, right, columns, depth)
                    : NodeCase.random(random, right, depth, columns))
            .operand(
                transposed
                    ? Tensor.of(powers(random, columns * groups), columns, groups)
                    : Tensor.of(powers(random, columns * groups), groups, columns));
    if (random.nextBoolean()) {
      node.operand(
          transposed
              ? NodeCase.random(random, right, columns, groups)
              : NodeCase.random(random, right, groups, columns));
    } else {
      node.without();
    }
    node.operand(Tensor.of(powers(random, columns), columns))
        .with(Attribute.of("block_size", (long) block))
        .with(Attribute.of("transB", transposed ? 1L : 0L));
    NodeRun run = node.run();
    ExactResult exact = run.exact();
    float[] floats = run.result().floats();
    assertEquals(rows * columns, floats.length);
    for (int i = 0; i < floats.length; i++) {
      assertEquals(exact.real(i), floats[i], node.node().toString());
    }
  }

  private static float[] powers(Random random, int count) {
    float[] powers = new float[count];
    for (int i = 0; i < count; i++) {
      powers[i] = NodeCase.powerOfTwo(random, -1, 1);
    }
    return powers;
  }

  /** Row 1 is 0: a = 2 - 2; block 0: (3 - 1) * 5 = 10, block 1: (1 - 1) * 9. */
  @Test
  void givesRowsTheirOwnScalesAndZeroPoints() {
    NodeCase node =
        NodeCase.of(IntegerDialect.MATMUL_TO_FLOAT)
            .operand(Tensor.ofIntegers(DataType.INT8, new long[] {3, 1, 2, 2}, 2, 2))
            .operand(Tensor.of(new float[] {0.5f, 4f}, 2, 1))
            .operand(Tensor.ofIntegers(DataType.INT8, new long[] {1, 2}, 2, 1))
            .operand(Tensor.ofIntegers(DataType.INT8, new long[] {5, 9}, 2, 1))
            .operand(Tensor.of(new float[] {0.1f, 7f}, 2, 1))
            .with(Attribute.of("block_size", 1L));
    assertArrayEquals(new float[] {10f * (0.5f * 0.1f), 0f}, node.run().result().floats());
  }

  @Test
  void refusesBlocksWhoseSumsMayLeaveInt32() {
    int depth = 33_026;
    NodeCase node =
        NodeCase.of(IntegerDialect.MATMUL_TO_FLOAT)
            .operand(Tensor.ofIntegers(DataType.UINT8, new long[depth], 1, depth))
            .scale(1f)
            .without()
            .operand(Tensor.ofIntegers(DataType.UINT8, new long[depth], depth, 1))
            .scale(1f);
    OctetException e = assertThrows(OctetException.class, node::run);
    assertTrue(
        e.getMessage().contains("its sums of 33026 products may leave int32"), e.getMessage());
  }

  @Test
  void refusesAnotherNumberOfScalesThanBlocksOrRows() {
    NodeCase blocks =
        NodeCase.of(IntegerDialect.MATMUL_TO_FLOAT)
            .operand(Tensor.ofIntegers(DataType.INT8, new long[4], 1, 4))
            .scale(1f)
            .without()
            .operand(Tensor.ofIntegers(DataType.INT8, new long[4], 4, 1))
            .scale(1f, 1f, 1f)
            .with(Attribute.of("block_size", 2L));
    OctetException e = assertThrows(OctetException.class, blocks::run);
    assertTrue(e.getMessage().contains("operand 4 has 3 scales for 2"), e.getMessage());
    NodeCase rows =
        NodeCase.of(IntegerDialect.MATMUL_TO_FLOAT)
            .operand(Tensor.ofIntegers(DataType.INT8, new long[4], 1, 4))
            .scale(1f, 1f)
            .without()
            .operand(Tensor.ofIntegers(DataType.INT8, new long[4], 4, 1))
            .scale(1f);
    e = assertThrows(OctetException.class, rows::run);
    assertTrue(e.getMessage().contains("operand 1 has 2 elements for 1 rows"), e.getMessage());
  }
}
