package dev.octet.kernels.primitive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.thread.HelperThreads;
import dev.octet.kernels.thread.Workers;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Products with groups along K give the floats of the written rule: sums in 64 bits, and each float
 * operation in exact decimals that are rounded once.
 */
class GroupedProductTest {

  private static final List<DataType> WEIGHTS =
      List.of(
          DataType.INT8,
          DataType.UINT8,
          DataType.INT4,
          DataType.UINT4,
          DataType.INT2,
          DataType.UINT2);

  private final Random random = new Random(33);

  /** Which integers a case has. */
  private enum Values {
    ANY,
    LEAST,
    LARGEST,
    ZERO
  }

  /** One product: its operands as integers and floats, beside what the primitive is given. */
  private final class Case {
    private final DataType leftType;
    private final DataType rightType;
    private final GroupedWeights.Layout layout;
    private final int rows;
    private final long[] a;
    private final long[] b;
    private final long[] leftZeros;
    private final long[] rightZeros;
    private final float[] leftScales;
    private final float[] rightScales;
    private final float[] bias;

    Case(DataType rightType, int rows, GroupedWeights.Layout layout, Values values) {
      this.leftType = random.nextBoolean() ? DataType.INT8 : DataType.UINT8;
      this.rightType = rightType;
      this.rows = rows;
      this.layout = layout;
      int scales = layout.groups() * layout.columns();
      boolean each = random.nextBoolean();
      this.a = integers(leftType, rows * layout.depth(), values);
      this.b = integers(rightType, layout.depth() * layout.columns(), values);
      this.leftZeros = integers(leftType, each ? rows : 1, opposite(values));
      boolean zeros = values != Values.ANY || random.nextBoolean();
      this.rightZeros = integers(rightType, zeros ? scales : 0, opposite(values));
      this.leftScales = floats(each ? rows : 1);
      this.rightScales = floats(scales);
      this.bias = floats(random.nextBoolean() ? layout.columns() : 0);
    }

    /** Packed integers of a tensor, or one in each byte. */
    private StoredIntegers stored(long[] integers) {
      return random.nextBoolean()
          ? StoredIntegers.of(Tensor.ofIntegers(rightType, integers, integers.length))
          : StoredIntegers.of(rightType, bytes(integers));
    }

    GroupedWeights weights() {
      Optional<StoredIntegers> zeros =
          rightZeros.length == 0 ? Optional.empty() : Optional.of(stored(rightZeros));
      return new GroupedWeights(new StoredGroups(stored(b), rightScales, zeros, layout));
    }

    GroupedProduct task(GroupedProduct.Result result) {
      int[] zeros = Arrays.stream(leftZeros).mapToInt(i -> (int) i).toArray();
      MatrixOperand left = new MatrixOperand(leftType, bytes(a), zeros);
      return new GroupedProduct(rows, left, leftScales, weights(), bias, result);
    }

    float[] expected() {
      float[] results = new float[rows * layout.columns()];
      for (int i = 0; i < results.length; i++) {
        results[i] = element(i / layout.columns(), i % layout.columns());
      }
      return results;
    }

    private float element(int m, int n) {
      float leftScale = leftScales[leftScales.length == 1 ? 0 : m];
      float acc = 0f;
      for (int first = 0; first < layout.depth(); first += layout.size()) {
        int g = first / layout.size();
        int scale = layout.transposed() ? n * layout.groups() + g : g * layout.columns() + n;
        long sum = sum(m, n, first, rightZeros.length == 0 ? 0 : rightZeros[scale]);
        float factor = product(leftScale, rightScales[scale]);
        float term = product(BigDecimal.valueOf(sum).floatValue(), factor);
        acc = total(acc, term);
      }
      return bias.length == 0 ? acc : total(acc, bias[n]);
    }

    private long sum(int m, int n, int first, long rightZero) {
      long leftZero = leftZeros[leftZeros.length == 1 ? 0 : m];
      long sum = 0;
      for (int k = first; k < layout.depth() && k - first < layout.size(); k++) {
        long right = b[layout.transposed() ? n * layout.depth() + k : k * layout.columns() + n];
        sum += (a[m * layout.depth() + k] - leftZero) * (right - rightZero);
      }
      return sum;
    }
  }

  private static float product(float x, float y) {
    return new BigDecimal(x).multiply(new BigDecimal(y)).floatValue();
  }

  private static float total(float x, float y) {
    return new BigDecimal(x).add(new BigDecimal(y)).floatValue();
  }

  /** Zero points at the other end of their type, so that differences are the largest. */
  private static Values opposite(Values values) {
    return switch (values) {
      case ANY -> Values.ANY;
      case LEAST -> Values.LARGEST;
      case LARGEST -> Values.LEAST;
      case ZERO -> Values.ZERO;
    };
  }

  private long[] integers(DataType type, int count, Values values) {
    long low = type.isSignedInteger() ? -1L << (type.bits() - 1) : 0;
    int span = 1 << type.bits();
    long[] integers = new long[count];
    for (int i = 0; i < count; i++) {
      integers[i] =
          switch (values) {
            case ANY -> low + random.nextInt(span);
            case LEAST -> low;
            case LARGEST -> low + span - 1;
            case ZERO -> 0;
          };
    }
    return integers;
  }

  private float[] floats(int count) {
    float[] floats = new float[count];
    for (int i = 0; i < count; i++) {
      floats[i] = (random.nextFloat() - 0.4f) * (1 << random.nextInt(12));
    }
    return floats;
  }

  private static byte[] bytes(long[] values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private void check(DataType type, int rows, GroupedWeights.Layout layout, Values values) {
    Case one = new Case(type, rows, layout, values);
    float[] expected = one.expected();
    assertArrayEquals(
        expected, floats(one, 1), () -> type + " " + rows + " rows, " + layout + ", " + values);
  }

  private static float[] floats(Case one, int threads) {
    float[] into = new float[one.rows * one.layout.columns()];
    run(one.task(new GroupedProduct.Result.Floats(into)), threads);
    return into;
  }

  private static void run(GroupedProduct task, int threads) {
    try (HelperThreads helpers = new HelperThreads(threads)) {
      Primitives.chosen().multiply(task, new Workers(helpers));
    }
  }

  private static GroupedWeights.Layout layout(
      int depth, int columns, int size, boolean transposed) {
    return new GroupedWeights.Layout(depth, columns, size, transposed);
  }

  @Test
  void addsGroupAfterGroupForAnySizes() {
    for (int depth : new int[] {0, 1, 7, 8, 9, 31, 32, 33, 300}) {
      for (int size : new int[] {1, 8, 32, Math.max(1, depth), depth + 1, Integer.MAX_VALUE}) {
        for (DataType type : WEIGHTS) {
          int rows = random.nextInt(3);
          check(type, rows, layout(depth, 1 + random.nextInt(5), size, false), Values.ANY);
          check(type, rows, layout(depth, 1 + random.nextInt(5), size, true), Values.ANY);
        }
      }
    }
  }

  @Test
  void addsGroupAfterGroupAtTheEdgesOfVectorsStripsAndBands() {
    for (int columns : new int[] {0, 1, 7, 8, 9, 15, 17, 31, 32, 33, 255, 256, 257}) {
      for (DataType type : WEIGHTS) {
        check(type, 5, layout(35, columns, 16, false), Values.ANY);
        check(type, 5, layout(35, columns, 16, true), Values.ANY);
      }
    }
    for (int columns : new int[] {511, 512, 513, 1023, 1024, 1025, 2049}) {
      check(DataType.INT8, 2, layout(35, columns, 16, true), Values.ANY);
      check(DataType.INT4, 2, layout(35, columns, 16, false), Values.ANY);
      check(DataType.UINT4, 2, layout(35, columns, 16, true), Values.ANY);
    }
    for (int rows : new int[] {0, 1, 5, 31, 32, 33, 127, 128, 129}) {
      check(DataType.INT4, rows, layout(70, 3, 32, true), Values.ANY);
      check(DataType.UINT8, rows, layout(70, 3, 32, false), Values.ANY);
    }
  }

  @Test
  void staysExactAtTheEndsOfTheTypes() {
    for (DataType type : WEIGHTS) {
      for (Values values : Values.values()) {
        for (int size : new int[] {1, 32, 129, 130, 600}) {
          int depth = Math.min(1000, 5 * size / 2);
          check(type, 2, layout(depth, 3, size, false), values);
          check(type, 2, layout(depth, 3, size, true), values);
        }
      }
    }
  }

  @Test
  void roundsSumsBeyondTheIntegersOfFloats() {
    check(DataType.UINT8, 1, layout(33_000, 2, 33_000, false), Values.LARGEST);
    check(DataType.INT8, 1, layout(33_000, 2, 20_000, true), Values.LEAST);
    check(DataType.INT8, 2, layout(33_000, 2, 40_000, true), Values.ANY);
    check(DataType.UINT4, 1, layout(33_000, 2, 33_000, false), Values.LARGEST);
    check(DataType.INT4, 2, layout(33_000, 3, 20_000, true), Values.LEAST);
    check(DataType.INT4, 2, layout(3_000, 3, 1_500, true), Values.ANY);
  }

  /** Sums of 16 bits hold 128 times 255, and not 128 times 256. */
  @Test
  void addsFourBitsExactlyAtTheEdgeOfSixteenBits() {
    for (int last : new int[] {-7, -8}) {
      for (DataType leftType : new DataType[] {DataType.INT8, DataType.UINT8}) {
        long[] weights = new long[64];
        Arrays.fill(weights, -8);
        weights[31] = last;
        weights[63] = last;
        GroupedWeights right =
            new GroupedWeights(
                new StoredGroups(
                    StoredIntegers.of(DataType.INT4, bytes(weights)),
                    new float[] {1f, 1f},
                    Optional.empty(),
                    layout(32, 2, 32, true)));
        byte[] a = new byte[32];
        Arrays.fill(a, leftType == DataType.INT8 ? Byte.MIN_VALUE : 0);
        int zero = leftType == DataType.INT8 ? 0 : 128;
        MatrixOperand left = new MatrixOperand(leftType, a, new int[] {zero});
        float[] into = new float[2];
        GroupedProduct.Result result = new GroupedProduct.Result.Floats(into);
        run(new GroupedProduct(1, left, new float[] {1f}, right, new float[0], result), 1);
        float expected = -128f * (31 * -8 + last);
        assertArrayEquals(new float[] {expected, expected}, into);
      }
    }
  }

  @Test
  void givesTheSameBitsOnAnyNumberOfThreads() {
    Case one = new Case(DataType.INT4, 300, layout(77, 600, 32, true), Values.ANY);
    float[] alone = floats(one, 1);
    assertArrayEquals(alone, floats(one, 2));
    assertArrayEquals(alone, floats(one, 5));
  }

  @Test
  void quantizesResultsByOneDivision() {
    for (DataType type : WEIGHTS) {
      Case one = new Case(type, 5, layout(70, 300, 32, true), Values.ANY);
      float[] floats = one.expected();
      float scale = 4096f * (1 + random.nextFloat());
      byte[] into = new byte[floats.length];
      run(one.task(new GroupedProduct.Result.Quantized(scale, new Saturation(7, 0, 255), into)), 2);
      byte[] expected = new byte[floats.length];
      for (int i = 0; i < floats.length; i++) {
        double rounded = Math.rint((double) (floats[i] / scale)) + 7;
        expected[i] = (byte) Math.min(Math.max(rounded, 0), 255);
      }
      assertArrayEquals(expected, into);
    }
  }

  @Test
  void quantizesTiesToEvenAndNanToTheSmallestInteger() {
    float[] results = {0.5f, 1.5f, 2.5f, -0.5f, Float.NaN, Float.POSITIVE_INFINITY, -1e30f};
    GroupedWeights.Layout none = layout(0, results.length, 32, false);
    GroupedWeights weights =
        new GroupedWeights(
            new StoredGroups(
                StoredIntegers.of(DataType.INT4, new byte[0]),
                new float[0],
                Optional.empty(),
                none));
    byte[] into = new byte[results.length];
    GroupedProduct.Result result =
        new GroupedProduct.Result.Quantized(1f, new Saturation(1, -100, 100), into);
    MatrixOperand left = new MatrixOperand(DataType.INT8, new byte[0], new int[1]);
    run(new GroupedProduct(1, left, new float[] {1f}, weights, results, result), 1);
    assertArrayEquals(new byte[] {1, 3, 3, 1, -100, 100, -100}, into);
  }

  @Test
  void knowsTheLargestSumOfAGroup() {
    StoredIntegers stored =
        StoredIntegers.of(Tensor.ofIntegers(DataType.INT4, new long[] {-8, 7, 3, 1, -2, 0}, 3, 2));
    StoredIntegers zeros =
        StoredIntegers.of(Tensor.ofIntegers(DataType.INT4, new long[] {1, 0, 7, 0}, 2, 2));
    // Columns -8, 3 less 1 and -2 less 7; 7, 1 and 0.
    GroupedWeights.Layout layout = layout(3, 2, 2, false);
    assertEquals(
        255 * 11,
        new GroupedWeights(new StoredGroups(stored, new float[4], Optional.of(zeros), layout))
            .largestSum());
    assertEquals(
        255 * 11,
        new GroupedWeights(new StoredGroups(stored, new float[4], Optional.empty(), layout))
            .largestSum());
    assertEquals(2, layout.groups());
  }

  @Test
  void refusesScalesThatAreNotThoseOfTheGroups() {
    StoredIntegers stored = StoredIntegers.of(DataType.INT8, new byte[6]);
    GroupedWeights.Layout layout = layout(3, 2, 2, false);
    IllegalArgumentException scales =
        assertThrows(
            IllegalArgumentException.class,
            () -> new StoredGroups(stored, new float[2], Optional.empty(), layout));
    assertEquals("2 scales for 4 groups", scales.getMessage());
    IllegalArgumentException size =
        assertThrows(IllegalArgumentException.class, () -> layout(3, 2, 0, false));
    assertEquals("groups of 0 are below 1", size.getMessage());
  }
}
