package dev.octet.kernels.primitive;

import dev.octet.kernels.thread.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What one group of a convolution reads for a tile, less its zero point, in rows.
 *
 * @param <A> what they are in
 */
final class ConvRows<A> {

  private final ConvGeometry geometry;
  private final ConvPlan plan;
  private final ConvTile tile;
  private final RowArrays<A> arrays;
  private final List<A[]> rows = new ArrayList<>();
  private final A accumulators;
  private final int rowLines;
  private final A widened;

  /** The lines and columns of the input that the tile reads. */
  private final int firstLine;

  private final int lastLine;
  private final int firstColumn;
  private final int lastColumn;

  ConvRows(ConvPlan plan, ConvTile tile, RowArrays<A> arrays, Workers.Scratch scratch) {
    this.geometry = plan.geometry();
    this.arrays = arrays;
    this.plan = plan;
    this.tile = tile;
    this.rowLines = tile.lines() + plan.extraLines();
    int count = plan.phases() * plan.terms();
    A[] all = arrays.rows(scratch, count + 1, rowLines * tile.columns());
    this.accumulators = all[count];
    for (int phase = 0; phase < plan.phases(); phase++) {
      int first = phase * plan.terms();
      rows.add(Arrays.copyOfRange(all, first, first + plan.terms()));
    }
    int axis = geometry.in().length - 2;
    this.firstLine = Math.max(0, tile.line() * stride(axis) - geometry.pads()[axis]);
    this.lastLine = last(axis, tile.line() + tile.lines() - 1);
    this.firstColumn = Math.max(0, tile.column() * stride(axis + 1) - geometry.pads()[axis + 1]);
    this.lastColumn = last(axis + 1, tile.column() + tile.columns() - 1);
    this.widened =
        arrays.one(
            scratch, Math.max(0, lastLine - firstLine) * Math.max(0, lastColumn - firstColumn));
  }

  private int stride(int axis) {
    return geometry.strides()[axis];
  }

  /** Returns the index behind the last one that an output position reads along an axis. */
  private int last(int axis, int position) {
    int reach = (geometry.kernel()[axis] - 1) * geometry.dilations()[axis];
    int index = position * stride(axis) - geometry.pads()[axis] + reach;
    return Math.min(index + 1, geometry.in()[axis]);
  }

  /** Returns the rows of a phase of lines, in the order of the terms. */
  A[] of(int phase) {
    return rows.get(phase);
  }

  /** Returns an array as long as a row. */
  A accumulators() {
    return accumulators;
  }

  /**
   * The input of a convolution, less its zero point.
   *
   * @param <A> what it is widened to
   */
  @FunctionalInterface
  interface Source<A> {
    /** Writes neighbouring elements. */
    void widen(int from, int count, A into, int at);
  }

  /** Fills all rows from the input channels that begin with one of all images' channels. */
  void fill(Source<A> x, int firstChannel) {
    for (int channel = 0; channel < geometry.inChannels(); channel++) {
      for (int tap = 0; tap < plan.outerTaps(); tap++) {
        int outer = channel * plan.outerTaps() + tap;
        int plane = inputPlane(tap);
        if (plane < 0) {
          clear(outer);
          continue;
        }
        int axis = geometry.in().length - 2;
        int planeSize = geometry.in()[axis] * geometry.in()[axis + 1];
        int at = (firstChannel + channel) * geometry.inputPositions() + plane * planeSize;
        if (isDirect()) {
          int from = at + tile.line() * geometry.in()[axis + 1] + tile.column();
          x.widen(from, tile.positions(), of(0)[outer], 0);
        } else {
          widen(x, at);
          spread(outer);
        }
      }
    }
  }

  /** Tells whether a row is what stands in the input. */
  private boolean isDirect() {
    int axis = geometry.in().length - 2;
    return plan.columnTaps() == 1
        && plan.lineTaps() == 1
        && stride(axis) == 1
        && stride(axis + 1) == 1
        && geometry.in()[axis] == geometry.out()[axis]
        && geometry.in()[axis + 1] == geometry.out()[axis + 1]
        && geometry.pads()[axis] == 0
        && geometry.pads()[axis + 1] == 0;
  }

  /** The input plane that an outer tap meets; -1 when it lies outside. */
  private int inputPlane(int tap) {
    int position = tile.outer();
    int rest = tap;
    int plane = 0;
    int weight = 1;
    for (int axis = geometry.in().length - 3; axis >= 0; axis--) {
      int index =
          position % geometry.out()[axis] * stride(axis)
              + rest % geometry.kernel()[axis] * geometry.dilations()[axis]
              - geometry.pads()[axis];
      if (index < 0 || index >= geometry.in()[axis]) {
        return -1;
      }
      plane += index * weight;
      weight *= geometry.in()[axis];
      position /= geometry.out()[axis];
      rest /= geometry.kernel()[axis];
    }
    return plane;
  }

  /** Returns a term; {@code outer} counts input channels and, for each, outer taps. */
  private int row(int outer, int column) {
    return outer * plan.columnTaps() + column;
  }

  private void clear(int outer) {
    for (A[] ofPhase : rows) {
      for (int column = 0; column < plan.columnTaps(); column++) {
        arrays.clear(ofPhase[row(outer, column)], 0, rowLines * tile.columns());
      }
    }
  }

  private void widen(Source<A> x, int plane) {
    int width = geometry.in()[geometry.in().length - 1];
    int columns = Math.max(0, lastColumn - firstColumn);
    if (columns == width) {
      int count = Math.max(0, lastLine - firstLine) * width;
      x.widen(plane + firstLine * width, count, widened, 0);
      return;
    }
    for (int line = firstLine; line < lastLine; line++) {
      int from = plane + line * width + firstColumn;
      int at = (line - firstLine) * columns;
      x.widen(from, columns, widened, at);
    }
  }

  /** Copies the lines of a plane to the rows of an input channel and outer tap. */
  private void spread(int outer) {
    int axis = geometry.in().length - 2;
    for (int phase = 0; phase < plan.phases(); phase++) {
      int tap = plan.firstTap(phase);
      int offset = tap * geometry.dilations()[axis] % stride(axis) - geometry.pads()[axis];
      int firstInputLine = tile.line() * stride(axis) + offset;
      for (int column = 0; column < plan.columnTaps(); column++) {
        copyLines(of(phase)[row(outer, column)], firstInputLine, stride(axis), column);
      }
    }
  }

  /** Fills a row: in each line first padding, then what stands in the input, then padding. */
  private void copyLines(A row, int firstInputLine, int lineStride, int columnTap) {
    int axis = geometry.in().length - 1;
    int stride = stride(axis);
    int columns = tile.columns();
    int first = tile.column() * stride + columnTap * geometry.dilations()[axis];
    first -= geometry.pads()[axis];
    int before = Math.min(columns, first < 0 ? (stride - 1 - first) / stride : 0);
    int index = first + before * stride;
    int inside = Math.max(0, (geometry.in()[axis] - index + stride - 1) / stride);
    int count = Math.min(columns - before, inside);
    int pitch = lastColumn - firstColumn;
    int source = index - firstColumn - firstLine * pitch;
    for (int line = 0; line < rowLines; line++) {
      int at = line * columns;
      int inputLine = firstInputLine + line * lineStride;
      if (inputLine < firstLine || inputLine >= lastLine || count == 0) {
        arrays.clear(row, at, at + columns);
        continue;
      }
      arrays.clear(row, at, at + before);
      arrays.copy(widened, source + inputLine * pitch, stride, row, at + before, count);
      arrays.clear(row, at + before + count, at + columns);
    }
  }
}
