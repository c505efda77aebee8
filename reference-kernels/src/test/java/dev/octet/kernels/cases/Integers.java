package dev.octet.kernels.cases;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;

/**
 * Integers by position, and products of them in 64 bits by their definitions.
 *
 * @param values the elements in row-major order
 * @param sizes sizes of the dimensions
 */
record Integers(long[] values, long[] sizes) {

  /** Small numbers of both signs, about a zero point that each type can hold. */
  static Integers small(DataType type, long... sizes) {
    long[] values = new long[Elementwise.count(sizes)];
    long least = type.isSignedInteger() || !type.isInteger() ? -11 : 0;
    Arrays.setAll(values, i -> i * 37L % 23 + least);
    return new Integers(values, sizes);
  }

  /** Returns these integers as elements of a type. */
  Tensor tensor(DataType type) {
    return Elementwise.fill(type, i -> Long.toString(values[i]), sizes);
  }

  Integers minus(long zeroPoint) {
    return new Integers(Arrays.stream(values).map(v -> v - zeroPoint).toArray(), sizes);
  }

  /** Adds one number for each position along an axis. */
  Integers plusAlong(int axis, long... addends) {
    int inner = 1;
    for (int i = axis + 1; i < sizes.length; i++) {
      inner *= (int) sizes[i];
    }
    long[] sums = values.clone();
    for (int i = 0; i < sums.length; i++) {
      sums[i] += addends[i / inner % addends.length];
    }
    return new Integers(sums, sizes);
  }

  /** Returns {@code round(value * factor) + zeroPoint}, ties to even, inside the type's range. */
  Integers requantized(double factor, long zeroPoint, DataType type) {
    long least = type.isSignedInteger() ? -128 : 0;
    return new Integers(
        Arrays.stream(values)
            .map(v -> rounded(BigDecimal.valueOf(v).multiply(new BigDecimal(factor))))
            .map(v -> Math.min(Math.max(v + zeroPoint, least), least + 255))
            .toArray(),
        sizes);
  }

  private static long rounded(BigDecimal value) {
    return value.setScale(0, RoundingMode.HALF_EVEN).longValueExact();
  }

  /** The product of matrices that stand in the two innermost dimensions; others broadcast. */
  static Integers matMul(Integers a, Integers b) {
    long[] left = a.sizes.length == 1 ? new long[] {1, a.sizes[0]} : a.sizes;
    long[] right = b.sizes.length == 1 ? new long[] {b.sizes[0], 1} : b.sizes;
    int rows = (int) left[left.length - 2];
    int depth = (int) left[left.length - 1];
    int columns = (int) right[right.length - 1];
    long[] leftBatch = Arrays.copyOf(left, left.length - 2);
    long[] rightBatch = Arrays.copyOf(right, right.length - 2);
    long[] batch = Elementwise.broadcast(leftBatch, rightBatch);
    long[] products = new long[Elementwise.count(batch) * rows * columns];
    for (int i = 0; i < products.length; i++) {
      int matrix = i / (rows * columns);
      int from = Elementwise.index(matrix, batch, leftBatch) * rows * depth;
      int with = Elementwise.index(matrix, batch, rightBatch) * depth * columns;
      for (int k = 0; k < depth; k++) {
        products[i] +=
            a.values[from + i / columns % rows * depth + k]
                * b.values[with + k * columns + i % columns];
      }
    }
    long[] sizes = Arrays.copyOf(batch, batch.length + 2);
    sizes[batch.length] = rows;
    sizes[batch.length + 1] = columns;
    return new Integers(products, dropped(sizes, a.sizes.length == 1, b.sizes.length == 1));
  }

  private static long[] dropped(long[] sizes, boolean row, boolean column) {
    int last = sizes.length - 1;
    long[] kept = Arrays.copyOf(sizes, last - 1 + (row ? 0 : 1) + (column ? 0 : 1));
    if (row && !column) {
      kept[last - 1] = sizes[last];
    }
    return kept;
  }

  /**
   * The convolution of images {@code [N, C, H, W]} with {@code [M, C / group, KH, KW]}; strides and
   * dilations for height and width, pads before both and behind both.
   */
  static Integers convolution(
      Integers x, Integers w, int group, long[] strides, long[] pads, long[] dilations) {
    long[] sizes = {x.sizes[0], w.sizes[0], 0, 0};
    for (int i = 0; i < 2; i++) {
      long reach = (w.sizes[2 + i] - 1) * dilations[i] + 1;
      sizes[2 + i] = (x.sizes[2 + i] + pads[i] + pads[2 + i] - reach) / strides[i] + 1;
    }
    Integers y = new Integers(new long[Elementwise.count(sizes)], sizes);
    for (int i = 0; i < y.values.length; i++) {
      int[] at = y.coordinates(i);
      for (int k = 0; k < Elementwise.count(w.sizes) / w.sizes[0]; k++) {
        int[] tap = w.coordinates(k);
        long channel = at[1] / (w.sizes[0] / group) * w.sizes[1] + tap[1];
        long row = at[2] * strides[0] + tap[2] * dilations[0] - pads[0];
        long column = at[3] * strides[1] + tap[3] * dilations[1] - pads[1];
        y.values[i] +=
            x.orZero(at[0], channel, row, column) * w.orZero(at[1], tap[1], tap[2], tap[3]);
      }
    }
    return y;
  }

  private int[] coordinates(int element) {
    int[] coordinates = new int[sizes.length];
    int rest = element;
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      coordinates[axis] = rest % (int) sizes[axis];
      rest /= (int) sizes[axis];
    }
    return coordinates;
  }

  private long orZero(long n, long c, long row, long column) {
    boolean outside = row < 0 || row >= sizes[2] || column < 0 || column >= sizes[3];
    return outside
        ? 0
        : values[Math.toIntExact(((n * sizes[1] + c) * sizes[2] + row) * sizes[3] + column)];
  }
}
