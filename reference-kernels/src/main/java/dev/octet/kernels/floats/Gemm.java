package dev.octet.kernels.floats;

import dev.octet.api.graph.Node;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.floats.MatrixProduct.Layout;
import dev.octet.kernels.floats.MatrixProduct.Start;
import dev.octet.kernels.thread.Workers;
import org.jspecify.annotations.Nullable;

/**
 * Gemm: {@code alpha * A * B + beta * C}, where C broadcasts to the product.
 *
 * <p>With alpha 1, each element is one chain of fused multiply-adds over k ascending that starts
 * from {@code beta * C}, rounded, or from +0.0 without C. With another alpha the chain starts from
 * +0.0, and the result is {@code fma(alpha, sum, beta * C)}, where an absent C counts as -0.0.
 */
final class Gemm implements Kernel {

  private final MatrixProduct product;
  private final int m;
  private final int n;
  private final float alpha;
  private final float beta;
  private final int cRowStride;
  private final int cColumnStride;
  private final int cCount;

  private Gemm(MatrixProduct product, Node node, ArrayType y, int[] c) {
    this.product = product;
    this.m = y.size(0);
    this.n = y.size(1);
    this.alpha = node.floatAttribute("alpha", 1f);
    this.beta = node.floatAttribute("beta", 1f);
    int columns = c.length == 0 ? 1 : c[c.length - 1];
    int rows = c.length < 2 ? 1 : c[0];
    this.cColumnStride = columns == 1 ? 0 : 1;
    this.cRowStride = rows == 1 ? 0 : columns;
    this.cCount = rows * columns;
  }

  static Kernel prepare(Preparation preparation) {
    Node node = preparation.node();
    ArrayType a = preparation.operand(0);
    ArrayType b = preparation.operand(1);
    ArrayType y = preparation.result(0);
    boolean ta = node.intAttribute("transA", 0) != 0;
    boolean tb = node.intAttribute("transB", 0) != 0;
    Layout left = ta ? Layout.transposed(a.size(1)) : Layout.rows(a.size(1));
    Layout right = tb ? Layout.transposed(b.size(1)) : Layout.rows(b.size(1));
    MatrixProduct product =
        new MatrixProduct(y.size(0), a.size(ta ? 0 : 1), y.size(1), left, right);
    int[] c = preparation.has(2) ? preparation.operand(2).sizes() : new int[0];
    return new Gemm(product, node, y, c);
  }

  @Override
  public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
    float[] a = (float[]) operands[0];
    float[] b = (float[]) operands[1];
    float[] c = operands.length > 2 ? (float[]) operands[2] : null;
    float[] y = (float[]) results[0];
    if (m == 0 || n == 0) {
      return;
    }
    float[] scaled = c == null || beta == 1f ? c : scaled(c);
    Start start =
        alpha == 1f && scaled != null ? new Start(scaled, cRowStride, cColumnStride) : null;
    workers.forEach(
        product.tasks(),
        (task, worker) -> product.run(task, a, 0, b, 0, start, y, 0, workers.scratch(worker)));
    if (alpha != 1f) {
      finish(y, scaled);
    }
  }

  private float[] scaled(float[] c) {
    float[] scaled = new float[cCount];
    for (int i = 0; i < cCount; i++) {
      scaled[i] = beta * c[i];
    }
    return scaled;
  }

  private void finish(float[] y, float @Nullable [] c) {
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        float added = c == null ? -0f : c[i * cRowStride + j * cColumnStride];
        y[i * n + j] = Math.fma(alpha, y[i * n + j], added);
      }
    }
  }
}
