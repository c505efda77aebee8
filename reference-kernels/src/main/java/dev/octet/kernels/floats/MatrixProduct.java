package dev.octet.kernels.floats;

import dev.octet.kernels.primitive.FmaChains;
import dev.octet.kernels.thread.Workers;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The product of an M x K and a K x N matrix, each element one chain over k ascending ({@link
 * FmaChains}) from a start value.
 *
 * <p>Vectors run along the columns of the product, or along its rows when there are few columns;
 * the product of a fused multiply-add does not depend on the order of its factors, so that both
 * give the same bits. Immutable; thread-safe but for the arrays given to it.
 */
final class MatrixProduct {

  private static final int TILE = 256;
  private static final int FEW_COLUMNS = 16;

  /** Multiply-adds that are worth the cost of another thread. */
  private static final long GRAIN = 1 << 15;

  private final int m;
  private final int k;
  private final int n;
  private final Layout a;
  private final Layout b;
  private final boolean alongColumns;

  /**
   * Where a matrix stands in its array: element {@code (i, j)} at {@code i * rowStride + j *
   * columnStride}.
   */
  record Layout(int rowStride, int columnStride) {

    /** A matrix whose rows follow each other. */
    static Layout rows(int columns) {
      return new Layout(columns, 1);
    }

    /** The transpose of a matrix of that many columns. */
    static Layout transposed(int columns) {
      return new Layout(1, columns);
    }
  }

  /**
   * Start values of the chains: element {@code (i, j)} at {@code i * rowStride + j * columnStride}.
   */
  static final class Start {
    private final float[] values;
    private final int rowStride;
    private final int columnStride;

    Start(float[] values, int rowStride, int columnStride) {
      this.values = values;
      this.rowStride = rowStride;
      this.columnStride = columnStride;
    }

    private Start turned() {
      return new Start(values, /* rowStride= */ columnStride, /* columnStride= */ rowStride);
    }
  }

  MatrixProduct(int m, int k, int n, Layout a, Layout b) {
    this.m = m;
    this.k = k;
    this.n = n;
    this.a = a;
    this.b = b;
    this.alongColumns = n >= FEW_COLUMNS || n >= m;
  }

  /** Returns the pieces that the work is divided into. */
  int tasks() {
    int vector = alongColumns ? n : m;
    int scalar = alongColumns ? m : n;
    return (vector + TILE - 1) / TILE * scalarPieces(vector, scalar);
  }

  private int scalarPieces(int vector, int scalar) {
    int tiles = (vector + TILE - 1) / TILE;
    long each = Math.max(1, (long) k * vector / Math.max(1, tiles));
    long rows = Math.max(1, GRAIN / each);
    return (int) Math.max(1, Math.min(8, scalar / Math.max(4, rows)));
  }

  /**
   * Does one piece.
   *
   * @param left the array of the first matrix, which begins at {@code leftAt}
   * @param right the array of the second matrix, which begins at {@code rightAt}
   * @param start start values; null for +0.0
   * @param product the array of the product, which begins at {@code productAt}
   */
  void run(
      int task,
      float[] left,
      int leftAt,
      float[] right,
      int rightAt,
      @Nullable Start start,
      float[] product,
      int productAt,
      Workers.Scratch scratch) {
    if (alongColumns) {
      Side scalars = new Side(left, leftAt, a.rowStride(), a.columnStride(), m);
      Side vectors = new Side(right, rightAt, b.columnStride(), b.rowStride(), n);
      Target target = new Target(product, productAt, n, 1, start);
      piece(task, scalars, vectors, target, scratch);
    } else {
      Side scalars = new Side(right, rightAt, b.columnStride(), b.rowStride(), n);
      Side vectors = new Side(left, leftAt, a.rowStride(), a.columnStride(), m);
      Start turned = start == null ? null : start.turned();
      Target target = new Target(product, productAt, 1, n, turned);
      piece(task, scalars, vectors, target, scratch);
    }
  }

  /** One factor: element {@code (i, k)} at {@code at + i * stride + k * depthStride}. */
  private static final class Side {
    private final float[] values;
    private final int at;
    private final int stride;
    private final int depthStride;
    private final int count;

    Side(float[] values, int at, int stride, int depthStride, int count) {
      this.values = values;
      this.at = at;
      this.stride = stride;
      this.depthStride = depthStride;
      this.count = count;
    }
  }

  /** The product by scalar index and vector index. */
  private static final class Target {
    private final float[] values;
    private final int at;
    private final int scalarStride;
    private final int vectorStride;
    private final @Nullable Start start;

    Target(float[] values, int at, int scalarStride, int vectorStride, @Nullable Start start) {
      this.values = values;
      this.at = at;
      this.scalarStride = scalarStride;
      this.vectorStride = vectorStride;
      this.start = start;
    }
  }

  private void piece(int task, Side scalars, Side vectors, Target target, Workers.Scratch scratch) {
    int pieces = scalarPieces(vectors.count, scalars.count);
    int from = task / pieces * TILE;
    int to = Math.min(vectors.count, from + TILE);
    int first = (int) ((long) scalars.count * (task % pieces) / pieces);
    int end = (int) ((long) scalars.count * (task % pieces + 1) / pieces);
    float[][] rows = scratch.rows(k, TILE);
    fill(vectors, from, to, rows);
    float[] acc = scratch.floats(TILE);
    float[] packed = scratch.moreFloats(k);
    for (int i = first; i < end; i++) {
      begin(target.start, i, from, to, acc);
      int at = scalars.at + i * scalars.stride;
      if (scalars.depthStride == 1) {
        FmaChains.accumulate(scalars.values, at, rows, 0, k, acc, 0, to - from);
      } else {
        for (int d = 0; d < k; d++) {
          packed[d] = scalars.values[at + d * scalars.depthStride];
        }
        FmaChains.accumulate(packed, 0, rows, 0, k, acc, 0, to - from);
      }
      store(acc, target, i, from, to);
    }
  }

  private void fill(Side vectors, int from, int to, float[][] rows) {
    float[] values = vectors.values;
    for (int d = 0; d < k; d++) {
      int at = vectors.at + from * vectors.stride + d * vectors.depthStride;
      if (vectors.stride == 1) {
        System.arraycopy(values, at, rows[d], 0, to - from);
      }
    }
    if (vectors.stride != 1) {
      for (int j = from; j < to; j++) {
        int at = vectors.at + j * vectors.stride;
        for (int d = 0; d < k; d++) {
          rows[d][j - from] = values[at + d * vectors.depthStride];
        }
      }
    }
  }

  private static void begin(@Nullable Start start, int i, int from, int to, float[] acc) {
    if (start == null) {
      Arrays.fill(acc, 0, to - from, 0f);
      return;
    }
    for (int j = from; j < to; j++) {
      acc[j - from] = start.values[i * start.rowStride + j * start.columnStride];
    }
  }

  private static void store(float[] acc, Target target, int i, int from, int to) {
    int at = target.at + i * target.scalarStride;
    if (target.vectorStride == 1) {
      System.arraycopy(acc, 0, target.values, at + from, to - from);
      return;
    }
    for (int j = from; j < to; j++) {
      target.values[at + j * target.vectorStride] = acc[j - from];
    }
  }
}
