package dev.octet.kernels.floats;

import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.UnsupportedNodeException;
import dev.octet.kernels.index.WindowGeometry;
import dev.octet.kernels.primitive.FmaChains;
import dev.octet.kernels.shape.Window;
import dev.octet.kernels.thread.Workers;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Conv over one to three spatial axes.
 *
 * <p>Each output element is one chain of fused multiply-adds that starts from the bias of its
 * channel, or from +0.0 without bias, and runs over channel of the group, kernel depth, kernel row
 * and kernel column, the last one fastest ({@link FmaChains}). Padding takes part as the element
 * +0.0: it leaves a finite sum as it is (only a sum of -0.0 becomes +0.0, when the product is
 * +0.0), and under a weight that is infinite or NaN it gives NaN.
 */
final class Conv implements Kernel {

  /** Elements of a panel: 256 KiB, to stay in the second-level cache. */
  private static final int PANEL = 1 << 16;

  private static final int SHORTEST_TILE = 64;
  private static final int LONGEST_TILE = 512;

  private final ColumnPanel panel;
  private final int images;
  private final int groups;
  private final int channelsPerGroup;
  private final int filtersPerGroup;
  private final int inputs;
  private final int outputs;
  private final int tile;
  private final int tiles;

  private Conv(ArrayType x, ArrayType w, ArrayType y, int groups, WindowGeometry geometry) {
    this.images = x.size(0);
    this.groups = groups;
    this.channelsPerGroup = w.size(1);
    this.filtersPerGroup = w.size(0) / groups;
    this.inputs = geometry.inputs();
    this.outputs = geometry.outputs();
    this.panel = new ColumnPanel(geometry, channelsPerGroup, x.size(1) * inputs);
    int fitting = PANEL / Math.max(1, panel.rows()) / SHORTEST_TILE * SHORTEST_TILE;
    int columns = y.count() == 0 ? 0 : images * outputs;
    this.tile = Math.max(SHORTEST_TILE, Math.min(LONGEST_TILE, fitting));
    this.tiles = (columns + tile - 1) / tile;
  }

  static Kernel prepare(Preparation preparation) {
    ArrayType x = preparation.operand(0);
    ArrayType w = preparation.operand(1);
    ArrayType y = preparation.result(0);
    if (x.rank() > 2 + WindowGeometry.MOST_AXES) {
      throw new UnsupportedNodeException(
          "a convolution over " + (x.rank() - 2) + " axes is not supported");
    }
    int[] sizes = Arrays.copyOfRange(w.sizes(), 2, w.rank());
    Window window = Window.of(preparation.node(), sizes);
    int groups = Math.toIntExact(preparation.node().intAttribute("group", 1));
    return new Conv(x, w, y, groups, WindowGeometry.of(window, x.sizes(), y.sizes()));
  }

  @Override
  public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
    float[] x = (float[]) operands[0];
    float[] w = (float[]) operands[1];
    float[] bias = operands.length > 2 ? (float[]) operands[2] : null;
    float[] y = (float[]) results[0];
    int pieces = pieces(workers.threads());
    workers.forEach(
        groups * tiles * pieces,
        (task, worker) -> {
          int tileOfGroup = task / pieces;
          int piece = task % pieces;
          int first = (int) ((long) filtersPerGroup * piece / pieces);
          int end = (int) ((long) filtersPerGroup * (piece + 1) / pieces);
          tile(
              x,
              w,
              bias,
              y,
              tileOfGroup / tiles,
              tileOfGroup % tiles,
              first,
              end,
              workers.scratch(worker));
        });
  }

  /** Filters are shared out as well when there are few tiles; each piece copies its own panel. */
  private int pieces(int threads) {
    int tasks = groups * tiles;
    return threads == 1 || tasks >= 2 * threads || tasks == 0
        ? 1
        : Math.min(Math.max(1, filtersPerGroup / 8), threads);
  }

  private void tile(
      float[] x,
      float[] w,
      float @Nullable [] bias,
      float[] y,
      int group,
      int index,
      int first,
      int end,
      Workers.Scratch scratch) {
    int from = index * tile;
    int to = Math.min(images * outputs, from + tile);
    int depth = panel.rows();
    float[][] rows = scratch.rows(depth, tile);
    float[] acc = scratch.floats(tile);
    panel.fill(x, group * channelsPerGroup * inputs, from, to, rows);
    for (int m = group * filtersPerGroup + first; m < group * filtersPerGroup + end; m++) {
      Arrays.fill(acc, 0, to - from, bias == null ? 0f : bias[m]);
      FmaChains.accumulate(w, m * depth, rows, 0, depth, acc, 0, to - from);
      store(acc, y, m, from, to);
    }
  }

  /** Copies the sums of one filter to its channel of every image that the tile touches. */
  private void store(float[] acc, float[] y, int m, int from, int to) {
    int filters = groups * filtersPerGroup;
    for (int at = from; at < to; ) {
      int image = at / outputs;
      int position = at % outputs;
      int length = Math.min(outputs - position, to - at);
      System.arraycopy(acc, at - from, y, (image * filters + m) * outputs + position, length);
      at += length;
    }
  }
}
