package dev.octet.kernels.primitive;

import dev.octet.kernels.thread.Workers;
import java.util.function.IntConsumer;

/**
 * The sums of a tile of output positions of one image, a few output channels at a time.
 *
 * @param <A> what they are in
 */
abstract class ConvSums<A> {

  private final ConvPlan plan;
  private final ConvTile tile;
  private final ConvRows<A> rows;
  private final ConvRows.Source<A> x;

  ConvSums(
      ConvPlan plan,
      ConvTile tile,
      RowArrays<A> arrays,
      ConvRows.Source<A> x,
      Workers.Scratch scratch) {
    this.plan = plan;
    this.tile = tile;
    this.rows = new ConvRows<>(plan, tile, arrays, scratch);
    this.x = x;
  }

  /** Returns how many output channels are summed at once. */
  abstract int together();

  /** Reads the input channels of a group, which begin with one of all images' channels. */
  final void read(int firstChannel) {
    rows.fill(x, firstChannel);
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

  final int[] places() {
    return plan.places();
  }

  final A accumulators() {
    return rows.accumulators();
  }

  final int positions() {
    return tile.positions();
  }

  /** Adds all terms to the accumulators; see {@link #addAll(int, IntConsumer)}. */
  final int addAll() {
    return addAll(Math.max(1, plan.terms()), start -> {});
  }

  /**
   * Adds all terms to the accumulators, which begin at index 0; returns the index at which they
   * begin afterwards.
   *
   * @param block the largest number of terms between two calls of {@code then}
   * @param then is given where the accumulators begin
   */
  final int addAll(int block, IntConsumer then) {
    int start = 0;
    for (int tap = 0; tap < plan.lineTaps(); tap++) {
      int next = plan.shift()[tap] * tile.columns();
      if (next != start) {
        System.arraycopy(accumulators(), start, accumulators(), next, positions());
        start = next;
      }
      A[] ofTap = rows.of(plan.phase()[tap]);
      for (int first = 0; first < plan.terms(); first += block) {
        int count = Math.min(block, plan.terms() - first);
        add(tap * plan.terms() + first, ofTap, first, count, start);
        then.accept(start);
      }
    }
    return start;
  }

  /** Adds terms to the accumulators that begin at {@code start}. */
  abstract void add(int weight, A[] terms, int first, int count, int start);
}
