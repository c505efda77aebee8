package dev.octet.kernels.primitive;

import dev.octet.kernels.registry.Workers;
import java.util.Arrays;

/**
 * A convolution in {@link ExactChains}: one pass over a tile of output positions for each output
 * channel, straight into the destination.
 *
 * <p>What a tile reads is widened once, and copied to one row for each column tap, see {@link
 * ConvPlan}. The sums of an output channel begin with its bias and stay floats while {@code |bias|
 * + max |x - z_x| * sum |w - z_w|} is at most 2^24; otherwise blocks of {@link
 * ExactChains#SAFE_TERMS} terms are added in int32.
 */
final class PlainConvolution {

  /** Floats of all rows of a tile that stay in the second-level cache. */
  private static final int TILE_FLOATS = 1 << 16;

  private static final int LARGEST_TILE = 512;

  /** Products that are worth a piece of work of their own. */
  private static final long GRAIN = 1 << 18;

  private final Convolution task;
  private final ConvGeometry geometry;
  private final ConvPlan plan;
  private final int largestInput;
  private final int height;
  private final int width;
  private final int planes;
  private final int tileLines;
  private final int tileColumns;

  private PlainConvolution(Convolution task, int threads) {
    this.task = task;
    this.geometry = flattened(task.geometry());
    this.plan = ConvPlan.of(geometry);
    this.largestInput = Widening.largest(task.type(), task.zeroPoint());
    int axis = geometry.out().length - 2;
    this.height = geometry.out()[axis];
    this.width = geometry.out()[axis + 1];
    this.planes = geometry.positions() / (height * width);
    int rows = Math.max(1, plan.phases() * plan.terms());
    int positions = Math.min(LARGEST_TILE, Math.max(TILE_FLOATS / rows, LARGEST_TILE / 4));
    this.tileColumns = even(width, positions);
    int lines = tileColumns < width ? 1 : Math.max(1, positions / width);
    int shared = geometry.groups() * geometry.batch() >= threads ? height : height / threads;
    this.tileLines = even(height, Math.max(1, Math.min(lines, shared)));
  }

  /** A kernel of one tap that meets every position reads a plane as one line. */
  private static ConvGeometry flattened(ConvGeometry g) {
    boolean plain =
        g.taps() == 1
            && Arrays.equals(g.in(), g.out())
            && Arrays.stream(g.strides()).allMatch(stride -> stride == 1);
    int[] line = {1, g.positions()};
    int[] ones = {1, 1};
    return plain
        ? new ConvGeometry(
            g.batch(),
            g.groups(),
            g.inChannels(),
            g.outChannels(),
            line,
            line,
            ones,
            ones,
            ones,
            new int[2],
            new int[2])
        : g;
  }

  /** Returns the largest part, up to a limit, when a whole is cut into nearly equal parts. */
  private static int even(int whole, int limit) {
    int parts = (whole + limit - 1) / limit;
    return (whole + parts - 1) / parts;
  }

  static void run(Convolution task, Workers workers) {
    if (task.geometry().positions() > 0 && task.geometry().batch() > 0) {
      new PlainConvolution(task, workers.threads()).run(workers);
    }
  }

  private void run(Workers workers) {
    int across = (width + tileColumns - 1) / tileColumns;
    int down = (height + tileLines - 1) / tileLines;
    int tiles = planes * down * across;
    long work = (long) geometry.outChannels() * geometry.depth() * tileLines * tileColumns;
    int together = (int) Math.min(geometry.groups(), Math.max(1, GRAIN / Math.max(1, work)));
    int parts = (geometry.groups() + together - 1) / together;
    workers.forEach(
        geometry.batch() * parts * tiles,
        (unit, worker) -> {
          int tile = unit % tiles;
          int first = unit / tiles % parts * together;
          int last = Math.min(first + together, geometry.groups());
          new Strip(unit / tiles / parts, tile(tile, down, across), workers.scratch(worker))
              .run(first, last);
        });
  }

  private ConvTile tile(int index, int down, int across) {
    int line = index / across % down * tileLines;
    int column = index % across * tileColumns;
    return new ConvTile(
        index / across / down,
        line,
        Math.min(tileLines, height - line),
        column,
        Math.min(tileColumns, width - column));
  }

  /** One tile of one image, for some groups. */
  private final class Strip {
    private final int image;
    private final ConvTile tile;
    private final int positions;
    private final ConvRows rows;
    private final byte[] buffer;
    private final float[] weights;
    private final float[] acc;
    private final int[] sums;

    Strip(int image, ConvTile tile, Workers.Scratch scratch) {
      this.image = image;
      this.tile = tile;
      this.positions = tile.positions();
      this.rows = new ConvRows(geometry, plan, tile, scratch);
      this.buffer = scratch.bytes(geometry.depth());
      this.weights = scratch.moreFloats(geometry.depth());
      this.acc = rows.accumulators();
      this.sums = scratch.ints(positions);
    }

    void run(int firstGroup, int lastGroup) {
      int inner = tile.line() * width + tile.column();
      for (int group = firstGroup; group < lastGroup; group++) {
        int channels = (image * geometry.groups() + group) * geometry.inChannels();
        rows.fill(task.type(), task.x(), task.zeroPoint(), channels);
        for (int m = 0; m < geometry.outChannels(); m++) {
          int channel = group * geometry.outChannels() + m;
          int plane = image * geometry.groups() * geometry.outChannels() + channel;
          int at = plane * geometry.positions() + tile.outer() * height * width + inner;
          task.weights().widen(channel, buffer, plan.places(), weights);
          write(channel, at);
        }
      }
    }

    private void write(int channel, int at) {
      int bias = task.bias().length == 0 ? 0 : task.bias()[channel];
      long largest = Math.abs((long) bias) + largestInput * task.weights().magnitude(channel);
      if (largest <= ExactChains.BOUND) {
        int from = sum((float) bias);
        task.destination().write(acc, from, positions, channel, at);
      } else {
        int from = sumInBlocks(bias);
        task.destination().write(sums, acc, from, positions, channel, at);
      }
    }

    /** Leaves the sums in the accumulators; returns the index of the first. */
    private int sum(float bias) {
      int start = 0;
      Arrays.fill(acc, 0, positions, bias);
      for (int tap = 0; tap < plan.lineTaps(); tap++) {
        start = move(start, tap);
        add(tap, 0, plan.terms(), start);
      }
      return start;
    }

    private int sumInBlocks(int bias) {
      int start = 0;
      Arrays.fill(sums, 0, positions, bias);
      Arrays.fill(acc, 0, positions, 0f);
      for (int tap = 0; tap < plan.lineTaps(); tap++) {
        start = move(start, tap);
        for (int first = 0; first < plan.terms(); first += ExactChains.SAFE_TERMS) {
          add(tap, first, Math.min(ExactChains.SAFE_TERMS, plan.terms() - first), start);
          ExactChains.flush(acc, start, positions, sums, 0);
        }
      }
      return start;
    }

    private int move(int start, int tap) {
      int next = plan.shift()[tap] * tile.columns();
      if (next != start) {
        System.arraycopy(acc, start, acc, next, positions);
      }
      return next;
    }

    private void add(int tap, int first, int count, int start) {
      FmaChains.accumulate(
          weights,
          tap * plan.terms() + first,
          rows.of(plan.phase()[tap]),
          first,
          count,
          acc,
          start,
          start + positions);
    }
  }
}
