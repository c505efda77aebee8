package dev.octet.kernels.primitive;

import dev.octet.kernels.thread.Workers;
import java.util.Arrays;

/**
 * Sums of products in 64 bits, for operands and sums that 32 bits have no room for: one loop nest
 * for convolutions and one for matrix products.
 */
final class WideSums {

  private static final int PADDING = -1;

  private WideSums() {}

  static void convolve(WideConvolution task, Workers workers) {
    ConvGeometry g = task.geometry();
    int positions = g.positions();
    int channels = g.groups() * g.outChannels();
    int[] offsets = offsets(g);
    workers.forEach(
        g.batch() * channels,
        (unit, worker) -> {
          int channel = unit % channels;
          int firstPlane =
              (unit / channels * g.groups() + channel / g.outChannels()) * g.inChannels();
          long[] acc = new long[positions];
          Arrays.fill(acc, task.bias().length == 0 ? 0 : task.bias()[channel]);
          for (int c = 0; c < g.inChannels(); c++) {
            int plane = (firstPlane + c) * g.inputPositions();
            for (int tap = 0; tap < g.taps(); tap++) {
              long w = task.w()[(channel * g.inChannels() + c) * g.taps() + tap];
              for (int p = 0; p < positions; p++) {
                int offset = offsets[tap * positions + p];
                acc[p] += offset == PADDING ? 0 : w * task.x()[plane + offset];
              }
            }
          }
          for (int p = 0; p < positions; p++) {
            task.target().put(acc[p], channel, unit * positions + p);
          }
        });
  }

  /** Returns where each tap meets the input of a channel at each output position. */
  private static int[] offsets(ConvGeometry g) {
    int[] offsets = new int[Math.multiplyExact(g.taps(), g.positions())];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = offset(g, i / g.positions(), i % g.positions());
    }
    return offsets;
  }

  private static int offset(ConvGeometry g, int tap, int position) {
    int offset = 0;
    int weight = 1;
    int tapsLeft = tap;
    int left = position;
    for (int axis = g.in().length - 1; axis >= 0; axis--) {
      int at =
          left % g.out()[axis] * g.strides()[axis]
              + tapsLeft % g.kernel()[axis] * g.dilations()[axis]
              - g.pads()[axis];
      if (at < 0 || at >= g.in()[axis]) {
        return PADDING;
      }
      offset += at * weight;
      weight *= g.in()[axis];
      left /= g.out()[axis];
      tapsLeft /= g.kernel()[axis];
    }
    return offset;
  }

  static void multiply(WideProduct task, Workers workers) {
    MatrixGeometry g = task.geometry();
    int columns = g.columns();
    boolean transposed = g.right().transposed();
    workers.forEach(
        g.stacks() * g.rows(),
        (unit, worker) -> {
          int row = unit % g.rows();
          int left = g.aMatrix()[unit / g.rows()];
          int right = g.bMatrix()[unit / g.rows()] * g.depth() * columns;
          for (int column = 0; column < columns; column++) {
            long acc = task.start().at(row, column);
            for (int k = 0; k < g.depth(); k++) {
              int b = transposed ? column * g.depth() + k : k * columns + column;
              acc += (long) task.a()[g.a(left, row, k)] * task.b()[right + b];
            }
            task.target().put(acc, column, unit * columns + column);
          }
        });
  }
}
