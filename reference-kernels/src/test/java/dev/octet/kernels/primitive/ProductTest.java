package dev.octet.kernels.primitive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.thread.HelperThreads;
import dev.octet.kernels.thread.Workers;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Matrix products give the int32 sums of the written rule, added one product after another. */
class ProductTest {

  private static final List<DataType> TYPES =
      List.of(
          DataType.INT8,
          DataType.UINT8,
          DataType.INT4,
          DataType.UINT4,
          DataType.INT2,
          DataType.UINT2);

  private final Random random = new Random(12);

  /** Integers of a type; mostly its largest magnitude when extreme. */
  private long[] integers(DataType type, int count, boolean extreme) {
    int low = type.isSignedInteger() ? -1 << (type.bits() - 1) : 0;
    int span = 1 << type.bits();
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      int any = random.nextInt(span);
      int end = type.isSignedInteger() ? 0 : span - 1;
      values[i] = low + (extreme && random.nextInt(8) != 0 ? end : any);
    }
    return values;
  }

  private static int[] ints(long[] values) {
    return Arrays.stream(values).mapToInt(i -> (int) i).toArray();
  }

  private static byte[] bytes(long[] values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private MatrixGeometry geometry(
      int rows, boolean aTransposed, int depth, int columns, boolean bTransposed) {
    MatrixGeometry.Right right = new MatrixGeometry.Right(1, depth, columns, bTransposed);
    return new MatrixGeometry(1, new int[1], new int[1], rows, aTransposed, right);
  }

  private int[] zeros(DataType type, int each, boolean extreme) {
    int count = random.nextBoolean() ? 1 : each;
    return extreme ? new int[Math.max(1, count)] : ints(integers(type, Math.max(1, count), false));
  }

  /** Checks constant and other right matrices in all destinations. */
  private void check(MatrixGeometry g, boolean extreme, boolean constant, int threads) {
    DataType leftType = random.nextBoolean() ? DataType.INT8 : DataType.UINT8;
    DataType rightType = TYPES.get(random.nextInt(extreme ? 2 : TYPES.size()));
    int leftMatrices = Arrays.stream(g.aMatrix()).max().orElse(0) + 1;
    long[] a = integers(leftType, leftMatrices * g.rows() * g.depth(), extreme);
    long[] b = integers(rightType, g.right().matrices() * g.depth() * g.columns(), extreme);
    int[] aZeros = zeros(leftType, g.rows(), extreme);
    int[] bZeros = zeros(rightType, g.columns(), extreme);
    StoredIntegers stored =
        constant
            ? StoredIntegers.of(Tensor.ofIntegers(rightType, b, b.length))
            : StoredIntegers.of(rightType, bytes(b));
    MatrixWeights weights =
        constant
            ? MatrixWeights.constant(stored, bZeros, g.right())
            : MatrixWeights.of(stored, bZeros, g.right());
    MatrixProduct.Addend addend = addend(g, extreme);
    MatrixOperand left = new MatrixOperand(leftType, bytes(a), aZeros);
    int[] expected = sums(g, a, aZeros, b, bZeros, addend);
    int[] into = new int[expected.length];
    try (HelperThreads helpers = new HelperThreads(threads)) {
      Workers workers = new Workers(helpers);
      Primitives.chosen()
          .multiply(
              new MatrixProduct(g, left, weights, addend, new Destination.Integers(into)), workers);
      assertArrayEquals(expected, into, g.toString());
      checkBytes(g, left, weights, addend, expected, workers);
      checkFloats(g, left, weights, addend, expected, workers);
    }
  }

  private MatrixProduct.Addend addend(MatrixGeometry g, boolean extreme) {
    int[] large = {Integer.MIN_VALUE, Integer.MAX_VALUE, 1 << 24, (1 << 24) + 1, -(1 << 24) - 1};
    int rowStep = random.nextBoolean() ? g.columns() : 0;
    int[] values = new int[Math.max(1, g.rows()) * Math.max(1, g.columns())];
    Arrays.setAll(
        values, i -> extreme ? large[random.nextInt(5)] : random.nextInt() >> random.nextInt(32));
    return switch (random.nextInt(3)) {
      case 0 -> MatrixProduct.Addend.none();
      case 1 -> new MatrixProduct.Addend(values, 1, 0, 0);
      default -> new MatrixProduct.Addend(values, values.length, rowStep, 1);
    };
  }

  private static int[] sums(
      MatrixGeometry g,
      long[] a,
      int[] aZeros,
      long[] b,
      int[] bZeros,
      MatrixProduct.Addend addend) {
    int[] sums = new int[g.stacks() * g.rows() * g.columns()];
    for (int i = 0; i < sums.length; i++) {
      int column = i % g.columns();
      int row = i / g.columns() % g.rows();
      int stack = i / g.columns() / g.rows();
      int sum = addend.value(row, column);
      int bBase = g.bMatrix()[stack] * g.depth() * g.columns();
      for (int k = 0; k < g.depth(); k++) {
        int bAt = g.right().transposed() ? column * g.depth() + k : k * g.columns() + column;
        int left = (int) a[g.a(g.aMatrix()[stack], row, k)] - aZeros[aZeros.length == 1 ? 0 : row];
        int right = (int) b[bBase + bAt] - bZeros[bZeros.length == 1 ? 0 : column];
        sum += left * right;
      }
      sums[i] = sum;
    }
    return sums;
  }

  private void checkBytes(
      MatrixGeometry g,
      MatrixOperand left,
      MatrixWeights right,
      MatrixProduct.Addend addend,
      int[] sums,
      Workers workers) {
    float[] multipliers = new float[random.nextBoolean() ? 1 : Math.max(1, g.columns())];
    for (int i = 0; i < multipliers.length; i++) {
      multipliers[i] = (float) Math.scalb(1 + random.nextInt(3), -6 - random.nextInt(12));
    }
    Requantizer requantizer = new Requantizer(multipliers, new Saturation(100, 0, 255));
    byte[] into = new byte[sums.length];
    Destination destination = new Destination.Requantized(requantizer, into);
    Primitives.chosen().multiply(new MatrixProduct(g, left, right, addend, destination), workers);
    byte[] expected = new byte[sums.length];
    for (int i = 0; i < sums.length; i++) {
      expected[i] = (byte) requantizer.apply(sums[i], i % g.columns());
    }
    assertArrayEquals(expected, into);
  }

  private void checkFloats(
      MatrixGeometry g,
      MatrixOperand left,
      MatrixWeights right,
      MatrixProduct.Addend addend,
      int[] sums,
      Workers workers) {
    float[] scales = new float[random.nextBoolean() ? 1 : Math.max(1, g.columns())];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = random.nextFloat();
    }
    float[] into = new float[sums.length];
    Destination destination = new Destination.Scaled(scales, into);
    Primitives.chosen().multiply(new MatrixProduct(g, left, right, addend, destination), workers);
    float[] expected = new float[sums.length];
    for (int i = 0; i < sums.length; i++) {
      expected[i] = (float) sums[i] * scales[scales.length == 1 ? 0 : i % g.columns()];
    }
    assertArrayEquals(expected, into);
  }

  @Test
  void addsEveryProductForAnySizes() {
    for (int i = 0; i < 300; i++) {
      MatrixGeometry g =
          geometry(
              random.nextInt(6),
              random.nextBoolean(),
              random.nextInt(70),
              random.nextInt(20),
              random.nextBoolean());
      check(g, random.nextInt(4) == 0, random.nextBoolean(), 1 + random.nextInt(3));
    }
  }

  @Test
  void addsEveryProductAtTheEdgesOfVectorsAndBlocks() {
    for (int columns : new int[] {1, 7, 8, 9, 15, 16, 17, 255, 256, 257, 513}) {
      check(geometry(3, false, 37, columns, false), false, true, 2);
      check(geometry(1, false, 37, columns, true), false, true, 1);
    }
    for (int rows : new int[] {1, 2, 127, 128, 129}) {
      check(geometry(rows, false, 9, 5, false), false, true, 3);
    }
    for (int depth : new int[] {1, 3, 4, 5, 31, 32, 33, 255, 256, 257, 511, 513, 1025}) {
      check(geometry(2, false, depth, 6, false), false, true, 1);
      check(geometry(2, true, depth, 6, false), true, true, 1);
      check(geometry(2, false, depth, 6, true), true, false, 1);
    }
  }

  @Test
  void addsEveryProductOfFewRows() {
    for (int rows = 1; rows <= 5; rows++) {
      for (int columns : new int[] {4, 8, 60, 64, 68, 1020, 1024, 1028, 2052}) {
        check(geometry(rows, false, 5, columns, false), false, rows % 2 == 0, 2);
      }
      for (int depth : new int[] {0, 1, 2, 3, 4, 1020, 1021, 1022, 1023, 1024, 1025}) {
        check(geometry(rows, depth % 2 == 0, depth, 8, false), depth % 3 == 0, true, 1);
        check(geometry(rows, false, depth, 8, true), true, depth % 2 == 0, 1);
      }
    }
  }

  @Test
  void wrapsSumsThatLeaveInt32() {
    check(geometry(1, false, 40_000, 2, false), true, true, 1);
    check(geometry(1, false, 40_000, 2, false), true, false, 1);
  }

  @Test
  void repeatsMatricesOfAStack() {
    MatrixGeometry.Right right = new MatrixGeometry.Right(2, 5, 4, false);
    int[] left = {0, 0, 1, 1};
    int[] matrices = {0, 1, 0, 1};
    for (int i = 0; i < 20; i++) {
      check(new MatrixGeometry(4, left, matrices, 3, false, right), false, i % 2 == 0, 2);
    }
  }

  @Test
  void knowsTheLargestSumOfConstants() {
    StoredIntegers stored =
        StoredIntegers.of(Tensor.ofIntegers(DataType.INT4, new long[] {-8, 7, 3, 1, -2, 0}, 3, 2));
    MatrixGeometry.Right sizes = new MatrixGeometry.Right(1, 3, 2, false);
    int[] zeros = {1, 0};
    // Columns -8, 3, -2 less 1 and 7, 1, 0.
    assertEquals(255 * 14, MatrixWeights.constant(stored, zeros, sizes).largestSum());
    assertEquals(255 * 255 * 3, MatrixWeights.of(stored, zeros, sizes).largestSum());
  }
}
