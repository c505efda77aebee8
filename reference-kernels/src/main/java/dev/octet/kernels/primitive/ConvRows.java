package dev.octet.kernels.primitive;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.registry.Workers;
import java.util.Arrays;

/** What one group of a convolution reads for a tile, less its zero point, in rows of floats. */
final class ConvRows {

  private final ConvGeometry geometry;
  private final ConvPlan plan;
  private final ConvTile tile;
  private final float[][][] rows;
  private final float[] accumulators;
  private final int rowLines;
  private final float[] widened;

  /** The lines and columns of the input that the tile reads. */
  private final int firstLine;

  private final int lastLine;
  private final int firstColumn;
  private final int lastColumn;

  ConvRows(ConvGeometry geometry, ConvPlan plan, ConvTile tile, Workers.Scratch scratch) {
    this.geometry = geometry;
    this.plan = plan;
    this.tile = tile;
    this.rowLines = tile.lines() + plan.extraLines();
    int count = plan.phases() * plan.terms();
    float[][] arrays = scratch.rows(count + 1, rowLines * tile.columns());
    this.accumulators = arrays[count];
    this.rows = new float[plan.phases()][][];
    for (int phase = 0; phase < rows.length; phase++) {
      int first = phase * plan.terms();
      rows[phase] = Arrays.copyOfRange(arrays, first, first + plan.terms());
    }
    int axis = geometry.in().length - 2;
    this.firstLine = Math.max(0, tile.line() * stride(axis) - geometry.pads()[axis]);
    this.lastLine = last(axis, tile.line() + tile.lines() - 1);
    this.firstColumn = Math.max(0, tile.column() * stride(axis + 1) - geometry.pads()[axis + 1]);
    this.lastColumn = last(axis + 1, tile.column() + tile.columns() - 1);
    this.widened =
        scratch.floats(Math.max(0, lastLine - firstLine) * Math.max(0, lastColumn - firstColumn));
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
  float[][] of(int phase) {
    return rows[phase];
  }

  /** Returns an array as long as a row. */
  float[] accumulators() {
    return accumulators;
  }

  /** Fills all rows from the input channels that begin with one of all images' channels. */
  void fill(DataType type, byte[] x, int zeroPoint, int firstChannel) {
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
          Widening.widen(type, x, from, tile.positions(), zeroPoint, rows[0][outer], 0);
        } else {
          widen(type, x, at, zeroPoint);
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
    for (float[][] ofPhase : rows) {
      for (int column = 0; column < plan.columnTaps(); column++) {
        Arrays.fill(ofPhase[row(outer, column)], 0, rowLines * tile.columns(), 0f);
      }
    }
  }

  private void widen(DataType type, byte[] x, int plane, int zeroPoint) {
    int width = geometry.in()[geometry.in().length - 1];
    int columns = Math.max(0, lastColumn - firstColumn);
    if (columns == width) {
      int count = Math.max(0, lastLine - firstLine) * width;
      Widening.widen(type, x, plane + firstLine * width, count, zeroPoint, widened, 0);
      return;
    }
    for (int line = firstLine; line < lastLine; line++) {
      int from = plane + line * width + firstColumn;
      int at = (line - firstLine) * columns;
      Widening.widen(type, x, from, columns, zeroPoint, widened, at);
    }
  }

  /** Copies the lines of a plane to the rows of an input channel and outer tap. */
  private void spread(int outer) {
    int axis = geometry.in().length - 2;
    for (int phase = 0; phase < plan.phases(); phase++) {
      int tap = plan.firstTap(phase);
      int offset = tap * geometry.dilations()[axis] % stride(axis) - geometry.pads()[axis];
      for (int column = 0; column < plan.columnTaps(); column++) {
        float[] row = rows[phase][row(outer, column)];
        for (int line = 0; line < rowLines; line++) {
          copyLine(row, line, (tile.line() + line) * stride(axis) + offset, column);
        }
      }
    }
  }

  private void copyLine(float[] row, int line, int inputLine, int columnTap) {
    int axis = geometry.in().length - 1;
    int stride = stride(axis);
    int at = line * tile.columns();
    int end = at + tile.columns();
    if (inputLine < firstLine || inputLine >= lastLine) {
      Arrays.fill(row, at, end, 0f);
      return;
    }
    int first =
        tile.column() * stride + columnTap * geometry.dilations()[axis] - geometry.pads()[axis];
    int source = (inputLine - firstLine) * (lastColumn - firstColumn) - firstColumn;
    int index = first;
    while (at < end && index < 0) {
      row[at++] = 0f;
      index += stride;
    }
    if (stride == 1) {
      int count = Math.max(0, Math.min(end - at, geometry.in()[axis] - index));
      if (count > 0) {
        System.arraycopy(widened, source + index, row, at, count);
        at += count;
      }
    } else {
      for (; at < end && index < geometry.in()[axis]; index += stride) {
        row[at++] = widened[source + index];
      }
    }
    Arrays.fill(row, at, end, 0f);
  }
}
