package dev.octet.kernels.floats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.dialect.IntegerDialect;
import dev.octet.kernels.execute.GraphExecutor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** ONNX Runtime's product of floats and integers of 2, 4 and 8 bits, step by step as written. */
class MatMulNBitsTest {

  private static final long SEED = 20261130;

  /** A matrix as it is stored, and what is in it. */
  private static final class Case {
    private final int depth;
    private final int columns;
    private final int bits;
    private final int block;
    private final int blocks;
    private final int[] integers;
    private final int[] zeros;
    private final float[] scales;
    private final float[] bias;
    private final boolean zeroPoints;
    private long level = 4;

    Case(Random random, int depth, int columns, int bits, int block, boolean zeroPoints) {
      this.depth = depth;
      this.columns = columns;
      this.bits = bits;
      this.block = block;
      this.blocks = (depth + block - 1) / block;
      this.zeroPoints = zeroPoints;
      this.integers = random.ints(columns * blocks * block, 0, 1 << bits).toArray();
      this.zeros =
          zeroPoints
              ? random.ints(columns * blocks, 0, 1 << bits).toArray()
              : random.ints(columns * blocks, 1 << (bits - 1), (1 << (bits - 1)) + 1).toArray();
      this.scales = floats(random, columns * blocks);
      this.bias = floats(random, columns);
    }

    static float[] floats(Random random, int count) {
      float[] floats = new float[count];
      for (int i = 0; i < count; i++) {
        floats[i] = (float) random.nextGaussian();
      }
      return floats;
    }

    /** The first integer in the lowest bits; a row begins with a byte of its own. */
    private byte[] packed(int[] all, int row) {
      int rows = all.length / row;
      int bytes = (row * bits + 7) / 8;
      byte[] packed = new byte[rows * bytes];
      for (int i = 0; i < all.length; i++) {
        int bit = i % row * bits;
        packed[i / row * bytes + bit / 8] |= (byte) (all[i] << bit % 8);
      }
      return packed;
    }

    Map<String, Tensor> constants() {
      Map<String, Tensor> constants = new LinkedHashMap<>();
      byte[] packed = packed(integers, blocks * block);
      constants.put("b", Tensor.of(DataType.UINT8, packed, columns, blocks, block * bits / 8));
      constants.put("s", Tensor.of(scales, columns, blocks));
      if (zeroPoints) {
        byte[] bytes = packed(zeros, blocks);
        constants.put("z", Tensor.of(DataType.UINT8, bytes, bytes.length));
      }
      constants.put("c", Tensor.of(bias, columns));
      return constants;
    }

    float[] run(float[] a, int rows) {
      return MatMulNBitsTest.run(
          constants(),
          List.of("a", "b", "s", zeroPoints ? "z" : "", "", "c"),
          Tensor.of(a, 1, rows, depth),
          Attribute.of("K", (long) depth),
          Attribute.of("N", (long) columns),
          Attribute.of("bits", (long) bits),
          Attribute.of("block_size", (long) block),
          Attribute.of("accuracy_level", level));
    }

    private int weight(int column, int k) {
      return integers[column * blocks * block + k] - zeros[column * blocks + k / block];
    }

    float onIntegers(float[] a, int row, int column) {
      float acc = 0;
      for (int g = 0; g < blocks; g++) {
        int end = Math.min(depth, (g + 1) * block);
        float largest = 0;
        for (int k = g * block; k < end; k++) {
          largest = Math.max(largest, Math.abs(a[row * depth + k]));
        }
        float scale = largest / 127;
        long sum = 0;
        for (int k = g * block; k < end; k++) {
          double steps = scale == 0 ? 0 : Math.rint(a[row * depth + k] * (1 / scale));
          sum += (long) Math.max(-127, Math.min(127, steps)) * weight(column, k);
        }
        acc += (float) sum * (scale * scales[column * blocks + g]);
      }
      return acc + bias[column];
    }

    float onFloats(float[] a, int row, int column) {
      float acc = 0;
      for (int k = 0; k < depth; k++) {
        float w = (float) weight(column, k) * scales[column * blocks + k / block];
        acc = Math.fma(a[row * depth + k], w, acc);
      }
      return acc + bias[column];
    }
  }

  private static float[] run(
      Map<String, Tensor> constants, List<String> operands, Tensor a, Attribute... attributes) {
    Node node = Node.of("n", IntegerDialect.MATMUL_N_BITS, operands, List.of("y"), attributes);
    Graph graph =
        new Graph(
            "g",
            List.of(ValueInfo.of("a", TensorType.of(DataType.FLOAT, Shape.of(a.sizes())))),
            List.of(ValueInfo.of("y", new TensorType(DataType.FLOAT, Optional.empty()))),
            constants,
            List.of(node),
            Map.of(),
            Optional.empty());
    Model model = Model.of(graph, 21).withOpset(IntegerDialect.MICROSOFT, 1);
    try (GraphExecutor executor = GraphExecutor.of(model, 2)) {
      return executor.run(Map.of("a", a)).values().iterator().next().floats();
    }
  }

  @Test
  void followsTheWrittenStepsForEveryShape() {
    Random random = new Random(SEED);
    for (int bits : new int[] {2, 4, 8}) {
      for (int depth : new int[] {1, 15, 16, 17, 172}) {
        for (int block : new int[] {16, 32, 256}) {
          for (int rows : new int[] {0, 1, 5}) {
            Case c =
                new Case(random, depth, 1 + random.nextInt(5), bits, block, random.nextBoolean());
            float[] a = Case.floats(random, rows * depth);
            c.level = random.nextBoolean() ? 4 : random.nextInt(4);
            float[] y = c.run(a, rows);
            assertEquals(rows * c.columns, y.length);
            for (int i = 0; i < y.length; i++) {
              int row = i / c.columns;
              int column = i % c.columns;
              assertEquals(
                  c.level == 4 ? c.onIntegers(a, row, column) : c.onFloats(a, row, column),
                  y[i],
                  "seed " + SEED + ", " + bits + " bits, level " + c.level);
            }
          }
        }
      }
    }
  }

  /** What fills up the last block has no part in a result, whatever it is. */
  @Test
  void whatFillsUpABlockDoesNotCount() {
    Case c = new Case(new Random(SEED), 17, 3, 4, 16, false);
    float[] a = Case.floats(new Random(1), 17);
    float[] first = c.run(a, 1);
    for (int i = 0; i < c.integers.length; i++) {
      c.integers[i] = i % 32 > 16 ? 15 : c.integers[i];
    }
    assertArrayEquals(first, c.run(a, 1));
    c.level = 0;
    float[] floats = c.run(a, 1);
    Arrays.setAll(c.integers, i -> i % 32 > 16 ? 0 : c.integers[i]);
    assertArrayEquals(floats, c.run(a, 1));
  }

  /** Steps 0.5, 1.5, 2.5 and -0.5, -1.5 go to the even neighbour; a block of zeros stays 0. */
  @Test
  void roundsHalfToEvenAndKeepsZeros() {
    Case c = new Case(new Random(SEED), 32, 1, 8, 16, false);
    float[] a = new float[32];
    float[] halves = {0.5f, 1.5f, 2.5f, -0.5f, -1.5f, 127f};
    int[] steps = {0, 2, 2, 0, -2, 127};
    System.arraycopy(halves, 0, a, 0, halves.length);
    float sum = 0;
    for (int k = 0; k < steps.length; k++) {
      sum += steps[k] * c.weight(0, k);
    }
    assertEquals(sum * c.scales[0] + 0f + c.bias[0], c.run(a, 1)[0]);
  }

  @Test
  void anElementThatIsNoNumberSpoilsItsRowOnly() {
    Case c = new Case(new Random(SEED), 16, 1, 4, 16, false);
    for (float wrong : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      float[] a = Case.floats(new Random(2), 32);
      a[3] = wrong;
      float[] y = c.run(a, 2);
      assertTrue(Float.isNaN(y[0]) || Float.isInfinite(y[0]), wrong + " gave " + y[0]);
      assertEquals(c.onIntegers(a, 1, 0), y[1]);
    }
    float[] tiny = new float[16];
    Arrays.fill(tiny, Float.MIN_VALUE);
    assertEquals(c.bias[0], c.run(tiny, 1)[0]);
  }

  @Test
  void refusesWhatItDoesNotTake() {
    Case c = new Case(new Random(SEED), 16, 1, 4, 16, false);
    assertRefused("3 bits, not 2, 4 or 8", c.constants(), "", 3, 16);
    assertRefused("its attribute block_size is 0", c.constants(), "", 4, 0);
    assertRefused("operand 1 has 8 elements, not 16", c.constants(), "", 4, 32);
    Map<String, Tensor> ordered = c.constants();
    ordered.put("g", Tensor.of(new int[16], 16));
    assertRefused("its columns are in the order of g_idx", ordered, "g", 4, 16);
    Map<String, Tensor> signed = c.constants();
    signed.put("b", Tensor.of(DataType.INT8, new byte[8], 1, 1, 8));
    assertRefused("operand 1 of type INT8 is not UINT8", signed, "", 4, 16);
  }

  private static void assertRefused(
      String why, Map<String, Tensor> constants, String order, long bits, long block) {
    OctetException e =
        assertThrows(
            OctetException.class,
            () ->
                run(
                    constants,
                    List.of("a", "b", "s", "", order),
                    Tensor.of(new float[16], 1, 16),
                    Attribute.of("K", 16L),
                    Attribute.of("N", 1L),
                    Attribute.of("bits", bits),
                    Attribute.of("block_size", block)));
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }
}
