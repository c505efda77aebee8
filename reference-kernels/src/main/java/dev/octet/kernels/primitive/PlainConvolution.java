package dev.octet.kernels.primitive;

import dev.octet.kernels.thread.Workers;
import java.util.Arrays;

/**
 * A convolution in {@link ExactChains}: one pass over a tile of output positions for every two
 * output channels, or for the one channel of a depthwise convolution, straight into the
 * destination.
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

  /** Makes what sums a tile. */
  @FunctionalInterface
  private interface Sums {
    ConvSums<?> of(ConvPlan plan, ConvTile tile, Workers.Scratch scratch);
  }

  private final Sums sums;
  private final ConvGeometry geometry;
  private final ConvPlan plan;
  private final int height;
  private final int width;
  private final int planes;
  private final int tileLines;
  private final int tileColumns;

  private PlainConvolution(ConvGeometry given, Sums sums, int threads) {
    this.sums = sums;
    this.geometry = flattened(given);
    this.plan = ConvPlan.of(geometry);
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
    boolean single = task.geometry().outChannels() == 1;
    run(
        task.geometry(),
        (plan, tile, scratch) ->
            single
                ? new ChannelSums(task, plan, tile, scratch)
                : new PairSums(task, plan, tile, scratch),
        workers);
  }

  /** Computes a convolution none of whose sums leaves 2^53. */
  static void run(WideConvolution task, Workers workers) {
    run(
        task.geometry(),
        (plan, tile, scratch) -> new WideChannelSums(task, plan, tile, scratch),
        workers);
  }

  private static void run(ConvGeometry geometry, Sums sums, Workers workers) {
    if (geometry.positions() > 0 && geometry.batch() > 0) {
      new PlainConvolution(geometry, sums, workers.threads()).run(workers);
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
          ConvTile tile = tile(unit % tiles, down, across);
          int first = unit / tiles % parts * together;
          int last = Math.min(first + together, geometry.groups());
          ConvSums<?> ofTile = sums.of(plan, tile, workers.scratch(worker));
          strip(ofTile, unit / tiles / parts, tile, first, last);
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

  /** Computes a tile of one image, for some groups. */
  private void strip(ConvSums<?> sums, int image, ConvTile tile, int firstGroup, int lastGroup) {
    int outChannels = geometry.outChannels();
    int inner = tile.outer() * height * width + tile.line() * width + tile.column();
    for (int group = firstGroup; group < lastGroup; group++) {
      sums.read((image * geometry.groups() + group) * geometry.inChannels());
      for (int m = 0; m < outChannels; m += sums.together()) {
        int channel = group * outChannels + m;
        int plane = image * geometry.groups() * outChannels + channel;
        int count = Math.min(sums.together(), outChannels - m);
        sums.write(channel, count, plane * geometry.positions() + inner, geometry.positions());
      }
    }
  }
}
