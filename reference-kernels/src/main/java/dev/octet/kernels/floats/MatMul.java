package dev.octet.kernels.floats;

import dev.octet.api.graph.Node;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.floats.MatrixProduct.Layout;
import dev.octet.kernels.index.Broadcast;
import dev.octet.kernels.thread.Workers;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * MatMul, as NumPy's matmul: batch dimensions broadcast, and a one-dimensional operand is a row on
 * the left or a column on the right.
 *
 * <p>Each element is one chain of fused multiply-adds over k ascending that starts from +0.0.
 * com.microsoft FusedMatMul is the same, of matrices that may be stored transposed; the sum is then
 * multiplied by alpha, and rounded once more.
 */
final class MatMul implements Kernel {

  private final MatrixProduct product;
  private final int[] leftOffsets;
  private final int[] rightOffsets;
  private final int productSize;
  private final float alpha;

  private MatMul(
      MatrixProduct product, int[] leftOffsets, int[] rightOffsets, int productSize, float alpha) {
    this.product = product;
    this.leftOffsets = leftOffsets;
    this.rightOffsets = rightOffsets;
    this.productSize = productSize;
    this.alpha = alpha;
  }

  static Kernel prepare(Preparation preparation) {
    return prepare(preparation, false, false, 1f);
  }

  /** FusedMatMul. */
  static Kernel scaled(Preparation preparation) {
    Node node = preparation.node();
    return prepare(
        preparation,
        node.intAttribute("transA", 0) != 0 && preparation.operand(0).rank() > 1,
        node.intAttribute("transB", 0) != 0 && preparation.operand(1).rank() > 1,
        node.floatAttribute("alpha", 1f));
  }

  private static Kernel prepare(Preparation preparation, boolean ta, boolean tb, float alpha) {
    if (preparation.result(0).count() == 0) {
      // Nothing to compute; the other sizes need not even be countable together.
      return (operands, results, workers) -> {};
    }
    int[] a = asMatrices(preparation.operand(0), true);
    int[] b = asMatrices(preparation.operand(1), false);
    int m = a[a.length - (ta ? 1 : 2)];
    int k = a[a.length - (ta ? 2 : 1)];
    int n = b[b.length - (tb ? 2 : 1)];
    int[] batchA = Arrays.copyOf(a, a.length - 2);
    int[] batchB = Arrays.copyOf(b, b.length - 2);
    if (ArrayType.product(batchB) == 1 && !ta) {
      // One right matrix: all left matrices are one tall matrix.
      m = Math.multiplyExact(m, ArrayType.product(batchA));
      batchA = new int[0];
      batchB = new int[0];
    }
    int size = Math.multiplyExact(m, n);
    int batches = preparation.result(0).count() / size;
    int[] batch = batchSizes(batchA, batchB);
    Layout left = ta ? Layout.transposed(m) : Layout.rows(k);
    Layout right = tb ? Layout.transposed(k) : Layout.rows(n);
    MatrixProduct product = new MatrixProduct(m, k, n, left, right);
    return new MatMul(
        product,
        offsets(batch, batchA, batches, m * k),
        offsets(batch, batchB, batches, k * n),
        size,
        alpha);
  }

  /** Sizes with at least two dimensions. */
  private static int[] asMatrices(ArrayType type, boolean left) {
    if (type.rank() > 1) {
      return type.sizes();
    }
    return left ? new int[] {1, type.size(0)} : new int[] {type.size(0), 1};
  }

  private static int[] batchSizes(int[] a, int[] b) {
    int[] sizes = new int[Math.max(a.length, b.length)];
    Arrays.fill(sizes, 1);
    for (int[] operand : new int[][] {a, b}) {
      for (int i = 0; i < operand.length; i++) {
        int axis = sizes.length - operand.length + i;
        sizes[axis] = operand[i] == 1 ? sizes[axis] : operand[i];
      }
    }
    return sizes;
  }

  private static int[] offsets(int[] batch, int[] own, int batches, int stride) {
    Broadcast walk = Broadcast.of(batch, own);
    int[] offsets = new int[batches];
    for (int i = 0; i < batches; i++) {
      offsets[i] = walk.index(0, i) * stride;
    }
    return offsets;
  }

  @Override
  public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
    float[] a = (float[]) operands[0];
    float[] b = (float[]) operands[1];
    float[] y = (float[]) results[0];
    int tasks = product.tasks();
    workers.forEach(
        leftOffsets.length * tasks,
        (task, worker) -> {
          int batch = task / tasks;
          product.run(
              task % tasks,
              a,
              leftOffsets[batch],
              b,
              rightOffsets[batch],
              null,
              y,
              batch * productSize,
              workers.scratch(worker));
        });
    if (alpha != 1f) {
      workers.forRange(
          leftOffsets.length * productSize,
          FloatUnary.GRAIN,
          (from, to) -> {
            for (int i = from; i < to; i++) {
              y[i] *= alpha;
            }
          });
    }
  }
}
