package com.lyra.octet;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import java.util.Arrays;
import java.util.List;

/** MatMul, of matrices, stacks of them and vectors; sums are exact in 64 bits. */
final class Product implements Kernel {

  private final Stored a;
  private final Stored b;
  private final Requantization requantization;

  Product(List<Stored> operands, Stored result) {
    this.a = operands.get(0);
    this.b = operands.get(1);
    this.requantization = Requantization.of(operands, result);
  }

  @Override
  public Tensor run(List<Tensor> read) {
    long[] left = read.get(0).sizes();
    long[] right = read.get(1).sizes();
    long[] rows = left.length == 1 ? new long[] {1, left[0]} : left;
    long[] columns = right.length == 1 ? new long[] {right[0], 1} : right;
    long[] stack = Shapes.broadcast(Shapes.front(rows, 2), Shapes.front(columns, 2));
    int[] fromLeft = Shapes.reads(Shapes.front(rows, 2), stack);
    int[] fromRight = Shapes.reads(Shapes.front(columns, 2), stack);
    int m = (int) rows[rows.length - 2];
    int k = (int) rows[rows.length - 1];
    int n = (int) columns[columns.length - 1];
    byte[] x = read.get(0).bytes();
    byte[] w = read.get(1).bytes();
    byte[] y = new byte[Shapes.count(stack) * m * n];
    for (int i = 0; i < y.length; i++) {
      int matrix = i / (m * n);
      int column = i % n;
      int row = fromLeft[matrix] * m * k + i / n % m * k;
      int first = fromRight[matrix] * k * n + column;
      long sum = 0;
      for (int j = 0; j < k; j++) {
        sum += (long) (x[row + j] - a.zero()) * (w[first + j * n] - b.zero());
      }
      y[i] = requantization.of(sum, column);
    }
    return Tensor.of(DataType.INT8, y, sizes(stack, left, right, m, n));
  }

  /** A vector has one dimension, and so has what it gives one less. */
  private static long[] sizes(long[] stack, long[] left, long[] right, int m, int n) {
    long[] sizes = stack;
    if (left.length > 1) {
      sizes = Arrays.copyOf(sizes, sizes.length + 1);
      sizes[sizes.length - 1] = m;
    }
    if (right.length > 1) {
      sizes = Arrays.copyOf(sizes, sizes.length + 1);
      sizes[sizes.length - 1] = n;
    }
    return sizes;
  }
}
