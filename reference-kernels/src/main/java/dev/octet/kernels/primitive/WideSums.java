package dev.octet.kernels.primitive;

import dev.octet.kernels.thread.Workers;
import java.util.Arrays;

/**
 * Sums of products in 64 bits, for operands and sums that 32 bits have no room for: one loop nest
 * for convolutions and one for matrix products.
 *
 * <p>Where no sum can leave 2^53, doubles hold them exactly and compute them faster; both ways give
 * the same bits.
 */
final class WideSums {

  private static final int PADDING = -1;

  /** The largest magnitude up to which every integer is a double. */
  private static final long EXACT = 1L << 53;

  /** The largest magnitude of an operand of 16 bits less its zero point. */
  private static final long LARGEST = 65_535;

  private WideSums() {}

  /** Tells whether sums stay within what doubles hold. */
  private static boolean fitDoubles(long depth, long largestStart) {
    return largestStart <= EXACT / 2 && depth <= EXACT / 2 / (LARGEST * LARGEST);
  }

  /** Writes neighbouring integers as doubles. */
  static void widen(int[] x, int from, int count, double[] into, int at) {
    for (int i = 0; i < count; i++) {
      into[at + i] = x[from + i];
    }
  }

  /** Writes sums, from index 0, each rounded once to float32. */
  static void round(double[] sums, int from, int count, float[] into) {
    for (int i = 0; i < count; i++) {
      into[i] = (float) sums[from + i];
    }
  }

  static void convolve(WideConvolution task, Workers workers) {
    long largest = 0;
    for (long start : task.bias()) {
      // The magnitude of the smallest long is itself.
      largest = start == Long.MIN_VALUE ? Long.MAX_VALUE : Math.max(largest, Math.abs(start));
    }
    if (fitDoubles(task.geometry().depth(), largest)) {
      PlainConvolution.run(task, workers);
    } else {
      convolveLongs(task, workers);
    }
  }

  private static void convolveLongs(WideConvolution task, Workers workers) {
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
          float[] rounded = workers.scratch(worker).floats(positions);
          for (int p = 0; p < positions; p++) {
            rounded[p] = (float) acc[p];
          }
          task.destination().write(rounded, 0, positions, channel, unit * positions);
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
    if (g.rows() <= WideWords.ROWS) {
      WideWords.run(task, workers);
      return;
    }
    long largest = 0;
    for (int i = 0; i < g.rows() * g.columns(); i++) {
      long start = task.start().at(i / g.columns(), i % g.columns());
      largest = start == Long.MIN_VALUE ? Long.MAX_VALUE : Math.max(largest, Math.abs(start));
    }
    if (fitDoubles(g.depth(), largest)) {
      WideTiles.run(task, workers);
    } else {
      multiplyLongs(task, workers);
    }
  }

  private static void multiplyLongs(WideProduct task, Workers workers) {
    MatrixGeometry g = task.geometry();
    int columns = g.columns();
    SumWriter writer = SumWriter.columns(task.destination(), 0, columns);
    workers.forEach(
        g.stacks() * g.rows(),
        (unit, worker) -> {
          int row = unit % g.rows();
          int left = g.aMatrix()[unit / g.rows()];
          int right = g.bMatrix()[unit / g.rows()];
          float[] rounded = workers.scratch(worker).floats(columns);
          for (int column = 0; column < columns; column++) {
            long acc = task.start().at(row, column);
            for (int k = 0; k < g.depth(); k++) {
              acc += (long) task.a()[g.a(left, row, k)] * task.right().difference(right, k, column);
            }
            rounded[column] = (float) acc;
          }
          writer.write(rounded, unit * columns);
        });
  }
}
