package dev.octet.kernels.integer;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.registry.Workers;
import java.util.Arrays;

/**
 * The sums of a convolution over integers.
 *
 * <p>{@code acc[n, m, p] = bias[m] + sum over c, tap of (x[n, c, p * stride + tap * dilation - pad]
 * - z_x) * w[m, c, tap]} in int32, where {@code w} is already less its zero point and what lies
 * outside the input counts as 0, that is as {@code z_x}. The input is widened and padded once for a
 * band of output rows; for a tile of output positions it is spread into one array for each (c,
 * tap), and each output channel is one pass of {@link IntegerProduct} over the tile.
 */
final class IntegerConvolution {

  /** Takes the sums of one output channel at neighbouring positions. */
  @FunctionalInterface
  interface Sink {
    /**
     * Takes sums.
     *
     * @param sums the sums, from index 0
     * @param count how many
     * @param channel the output channel, counted over all groups
     * @param output index of the first position in the result
     */
    void accept(int[] sums, int count, int channel, int output);
  }

  /** Keeps a tile of one array for each term inside the second-level cache. */
  private static final int TILE_INTS = 1 << 16;

  private static final int LARGEST_TILE = 256;

  /** Output positions that make a band worth a piece of work of its own. */
  private static final int BAND_POSITIONS = 1024;

  private final ConvGeometry geometry;
  private final int depth;
  private final int rowPositions;

  IntegerConvolution(ConvGeometry geometry) {
    this.geometry = geometry;
    this.depth = geometry.depth();
    this.rowPositions = geometry.out()[0] == 0 ? 0 : geometry.positions() / geometry.out()[0];
  }

  /**
   * Computes all sums.
   *
   * @param type element type of the input
   * @param x the input
   * @param zeroPoint its zero point
   * @param weights the weights less their zero points, [M, C / group, taps]
   * @param bias one number for each output channel, or none
   * @param sink takes the sums, from several threads at once
   * @param workers the threads
   */
  void run(
      DataType type,
      Object x,
      int zeroPoint,
      int[] weights,
      int[] bias,
      Sink sink,
      Workers workers) {
    int rows = geometry.out()[0];
    if (geometry.positions() == 0 || geometry.batch() == 0) {
      return;
    }
    int shared = (rows + workers.threads() - 1) / workers.threads();
    int bandRows = Math.max(1, Math.min(shared, BAND_POSITIONS / rowPositions));
    int bands = (rows + bandRows - 1) / bandRows;
    workers.forEach(
        geometry.batch() * geometry.groups() * bands,
        (unit, worker) -> {
          int first = unit % bands * bandRows;
          Band band =
              new Band(
                  unit / bands, first, Math.min(bandRows, rows - first), workers.scratch(worker));
          band.fill(type, x, zeroPoint);
          band.multiply(weights, bias, sink);
        });
  }

  /** Some output rows of one group of one image. */
  private final class Band {
    private final int image;
    private final int group;
    private final int firstRow;
    private final int[] padded;
    private final int[] paddedSizes;
    private final int channelSize;
    private final int[][] terms;
    private final int tile;
    private final int positions;

    Band(int imageAndGroup, int firstRow, int rows, Workers.Scratch scratch) {
      this.image = imageAndGroup / geometry.groups();
      this.group = imageAndGroup % geometry.groups();
      this.firstRow = firstRow;
      this.positions = rows * rowPositions;
      this.paddedSizes = paddedSizes(rows);
      this.channelSize = product(paddedSizes);
      this.padded = scratch.ints(Math.multiplyExact(geometry.inChannels(), channelSize));
      int fits = Math.max(32, TILE_INTS / Math.max(depth, 1));
      this.tile = Math.min(Math.min(fits, LARGEST_TILE), positions);
      this.terms = scratch.intRows(depth + 1, tile);
    }

    private int[] paddedSizes(int rows) {
      int[] sizes = geometry.out().clone();
      sizes[0] = rows;
      for (int i = 0; i < sizes.length; i++) {
        int span = (geometry.kernel()[i] - 1) * geometry.dilations()[i] + 1;
        sizes[i] = (sizes[i] - 1) * geometry.strides()[i] + span;
      }
      return sizes;
    }

    /** Widens the input that the band reads, with zeros around it. */
    void fill(DataType type, Object x, int zeroPoint) {
      int last = paddedSizes.length - 1;
      int width = paddedSizes[last];
      int lines = channelSize / width;
      int inWidth = geometry.in()[last];
      int left = Math.min(geometry.pads()[last], width);
      int inside = Math.max(0, Math.min(inWidth, width - left));
      for (int channel = 0; channel < geometry.inChannels(); channel++) {
        int plane = (image * geometry.groups() + group) * geometry.inChannels() + channel;
        for (int line = 0; line < lines; line++) {
          int at = channel * channelSize + line * width;
          int source = inputLine(line);
          if (source < 0) {
            Arrays.fill(padded, at, at + width, 0);
            continue;
          }
          int from = plane * geometry.inputPositions() + source * inWidth;
          Arrays.fill(padded, at, at + left, 0);
          IntegerArrays.widen(type, x, from, inside, zeroPoint, padded, at + left);
          Arrays.fill(padded, at + left + inside, at + width, 0);
        }
      }
    }

    /** The line of the input that a padded line is a copy of; -1 when it is all padding. */
    private int inputLine(int line) {
      int rest = line;
      int source = 0;
      int weight = 1;
      for (int i = paddedSizes.length - 2; i >= 0; i--) {
        int offset = i == 0 ? firstRow * geometry.strides()[0] : 0;
        int index = rest % paddedSizes[i] + offset - geometry.pads()[i];
        rest /= paddedSizes[i];
        if (index < 0 || index >= geometry.in()[i]) {
          return -1;
        }
        source += index * weight;
        weight *= geometry.in()[i];
      }
      return source;
    }

    void multiply(int[] weights, int[] bias, Sink sink) {
      int[] sums = terms[depth];
      int plane = (image * geometry.groups() + group) * geometry.outChannels();
      for (int from = 0; from < positions; from += tile) {
        int count = Math.min(tile, positions - from);
        spread(from, count);
        for (int m = 0; m < geometry.outChannels(); m++) {
          int channel = group * geometry.outChannels() + m;
          Arrays.fill(sums, 0, count, bias.length == 0 ? 0 : bias[channel]);
          IntegerProduct.accumulate(weights, channel * depth, terms, depth, sums, count);
          int output = (plane + m) * geometry.positions() + firstRow * rowPositions + from;
          sink.accept(sums, count, channel, output);
        }
      }
    }

    /** Fills one array for each (channel, tap) with what the tap meets at each position. */
    private void spread(int from, int count) {
      int taps = geometry.taps();
      for (int tap = 0; tap < taps; tap++) {
        int offset = tapOffset(tap);
        for (int channel = 0; channel < geometry.inChannels(); channel++) {
          copy(channel * channelSize + offset, from, count, terms[channel * taps + tap]);
        }
      }
    }

    private void copy(int offset, int from, int count, int[] into) {
      int last = paddedSizes.length - 1;
      int width = geometry.out()[last];
      int stride = geometry.strides()[last];
      int done = 0;
      while (done < count) {
        int line = (from + done) / width;
        int column = (from + done) % width;
        int run = Math.min(width - column, count - done);
        int source = offset + lineOffset(line) + column * stride;
        if (stride == 1) {
          System.arraycopy(padded, source, into, done, run);
        } else {
          for (int i = 0; i < run; i++) {
            into[done + i] = padded[source + i * stride];
          }
        }
        done += run;
      }
    }

    /** Where a line of output positions begins in a padded channel. */
    private int lineOffset(int line) {
      int rest = line;
      int offset = 0;
      int weight = paddedSizes[paddedSizes.length - 1];
      for (int i = paddedSizes.length - 2; i >= 0; i--) {
        int size = i == 0 ? Integer.MAX_VALUE : geometry.out()[i];
        offset += rest % size * geometry.strides()[i] * weight;
        rest /= size;
        weight *= paddedSizes[i];
      }
      return offset;
    }

    private int tapOffset(int tap) {
      int rest = tap;
      int offset = 0;
      int weight = 1;
      for (int i = paddedSizes.length - 1; i >= 0; i--) {
        offset += rest % geometry.kernel()[i] * geometry.dilations()[i] * weight;
        rest /= geometry.kernel()[i];
        weight *= paddedSizes[i];
      }
      return offset;
    }
  }

  private static int product(int[] sizes) {
    int product = 1;
    for (int size : sizes) {
      product = Math.multiplyExact(product, size);
    }
    return product;
  }
}
