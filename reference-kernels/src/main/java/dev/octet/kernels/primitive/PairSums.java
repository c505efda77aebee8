package dev.octet.kernels.primitive;

import dev.octet.kernels.thread.Workers;
import java.util.Arrays;

/** Sums of two output channels at a time, in {@link PairChains}. */
final class PairSums extends NarrowSums<double[]> {

  private final double[] weights;
  private final double[] above;
  private final float[][] parts;
  private final int[][] sums;

  PairSums(Convolution task, ConvPlan plan, ConvTile tile, Workers.Scratch scratch) {
    super(task, plan, tile, RowArrays.DOUBLES, scratch);
    this.weights = scratch.moreDoubles(plan.depth());
    this.above = scratch.evenMoreDoubles(accumulators().length);
    this.parts = scratch.rows(together(), positions());
    this.sums = scratch.intRows(together(), positions());
  }

  @Override
  int together() {
    return 2;
  }

  @Override
  void write(int channel, int count, int at, int distance) {
    weights().widenPair(channel, count, buffer(), places(), weights);
    int last = channel + count - 1;
    boolean exact = Math.max(largest(channel), largest(last)) <= ExactChains.BOUND;
    if (exact) {
      int high = count == 1 ? 0 : bias(last);
      Arrays.fill(accumulators(), 0, positions(), PairChains.of(bias(channel), high));
      int from = addAll();
      PairChains.split(accumulators(), from, positions(), above, parts[0], parts[1]);
    } else {
      Arrays.fill(sums[0], 0, positions(), bias(channel));
      Arrays.fill(sums[1], 0, positions(), bias(last));
      Arrays.fill(accumulators(), 0, positions(), 0.0);
      addAll(ExactChains.SAFE_TERMS, this::flush);
    }
    for (int i = 0; i < count; i++) {
      int to = at + i * distance;
      if (exact) {
        destination().write(parts[i], 0, positions(), channel + i, to);
      } else {
        destination().write(sums[i], parts[i], 0, positions(), channel + i, to);
      }
    }
  }

  @Override
  void add(int weight, double[][] terms, int first, int count, int start) {
    PairChains.accumulate(
        weights, weight, terms, first, count, accumulators(), start, start + positions());
  }

  /** Adds the accumulators that begin at {@code start} to int32 sums, and sets them to zero. */
  private void flush(int start) {
    PairChains.split(accumulators(), start, positions(), above, parts[0], parts[1]);
    Arrays.fill(accumulators(), start, start + positions(), 0.0);
    for (int i = 0; i < together(); i++) {
      ExactChains.flush(parts[i], 0, positions(), sums[i], 0);
    }
  }
}
