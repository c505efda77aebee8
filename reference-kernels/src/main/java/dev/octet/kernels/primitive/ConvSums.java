package dev.octet.kernels.primitive;

import dev.octet.kernels.thread.Workers;

/**
 * The sums of a tile of output positions of one image, a few output channels at a time.
 *
 * @param <A> what they are in
 */
abstract class ConvSums<A> {

  private final Convolution task;
  private final ConvPlan plan;
  private final ConvTile tile;
  private final ConvRows<A> rows;
  private final long largestInput;
  private final byte[] buffer;

  ConvSums(
      Convolution task,
      ConvPlan plan,
      ConvTile tile,
      RowArrays<A> arrays,
      Workers.Scratch scratch) {
    this.task = task;
    this.plan = plan;
    this.tile = tile;
    this.rows = new ConvRows<>(plan, tile, arrays, scratch);
    this.largestInput = Widening.largest(task.type(), task.zeroPoint());
    this.buffer = scratch.bytes(together() * plan.depth());
  }

  /** Returns how many output channels are summed at once. */
  abstract int together();

  /** Reads the input channels of a group, which begin with one of all images' channels. */
  final void read(int firstChannel) {
    rows.fill(task.type(), task.x(), task.zeroPoint(), firstChannel);
  }

  /**
   * Writes the sums of neighbouring output channels to the destination.
   *
   * @param channel the first output channel
   * @param count how many, at most {@link #together}
   * @param at where the result has the tile of the first channel
   * @param distance from one channel to the next in the result
   */
  abstract void write(int channel, int count, int at, int distance);

  /** Returns the largest magnitude that a sum of an output channel can have. */
  final long largest(int channel) {
    return Math.abs((long) bias(channel)) + largestInput * task.weights().magnitude(channel);
  }

  final int bias(int channel) {
    return task.bias().length == 0 ? 0 : task.bias()[channel];
  }

  final ChannelWeights weights() {
    return task.weights();
  }

  final Destination destination() {
    return task.destination();
  }

  final int[] places() {
    return plan.places();
  }

  final byte[] buffer() {
    return buffer;
  }

  final A accumulators() {
    return rows.accumulators();
  }

  final int positions() {
    return tile.positions();
  }

  /**
   * Adds all terms to the accumulators, which begin at index 0; returns the index at which they
   * begin afterwards.
   *
   * @param block terms between two calls of {@link #flush}; 0 for none
   */
  final int addAll(int block) {
    int start = 0;
    for (int tap = 0; tap < plan.lineTaps(); tap++) {
      int next = plan.shift()[tap] * tile.columns();
      if (next != start) {
        System.arraycopy(accumulators(), start, accumulators(), next, positions());
        start = next;
      }
      A[] ofTap = rows.of(plan.phase()[tap]);
      int step = block == 0 ? Math.max(1, plan.terms()) : block;
      for (int first = 0; first < plan.terms(); first += step) {
        int count = Math.min(step, plan.terms() - first);
        add(tap * plan.terms() + first, ofTap, first, count, start);
        if (block != 0) {
          flush(start);
        }
      }
    }
    return start;
  }

  /** Adds terms to the accumulators that begin at {@code start}. */
  abstract void add(int weight, A[] terms, int first, int count, int start);

  /** Adds the accumulators that begin at {@code start} to int32 sums, and sets them to zero. */
  abstract void flush(int start);
}
