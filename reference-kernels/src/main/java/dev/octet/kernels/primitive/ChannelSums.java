package dev.octet.kernels.primitive;

import dev.octet.kernels.thread.Workers;
import java.util.Arrays;

/** Sums of one output channel at a time, in {@link FmaChains}. */
final class ChannelSums extends NarrowSums<float[]> {

  private final float[] weights;
  private final int[] sums;

  ChannelSums(Convolution task, ConvPlan plan, ConvTile tile, Workers.Scratch scratch) {
    super(task, plan, tile, RowArrays.FLOATS, scratch);
    this.weights = scratch.moreFloats(plan.depth());
    this.sums = scratch.ints(positions());
  }

  @Override
  int together() {
    return 1;
  }

  @Override
  void write(int channel, int count, int at, int distance) {
    weights().widen(channel, buffer(), places(), weights);
    float[] acc = accumulators();
    if (largest(channel) <= ExactChains.BOUND) {
      Arrays.fill(acc, 0, positions(), (float) bias(channel));
      int from = addAll();
      destination().write(acc, from, positions(), channel, at);
    } else {
      Arrays.fill(sums, 0, positions(), bias(channel));
      Arrays.fill(acc, 0, positions(), 0f);
      int from = addAll(ExactChains.SAFE_TERMS, this::flush);
      destination().write(sums, acc, from, positions(), channel, at);
    }
  }

  @Override
  void add(int weight, float[][] terms, int first, int count, int start) {
    FmaChains.accumulate(
        weights, weight, terms, first, count, accumulators(), start, start + positions());
  }

  /** Adds the accumulators that begin at {@code start} to int32 sums, and sets them to zero. */
  private void flush(int start) {
    ExactChains.flush(accumulators(), start, positions(), sums, 0);
  }
}
