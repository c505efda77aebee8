package dev.octet.kernels.primitive;

import dev.octet.kernels.thread.Workers;
import java.util.Arrays;

/** Sums of a {@link WideConvolution}, one output channel at a time, in exact doubles. */
final class WideChannelSums extends ConvSums<double[]> {

  private final WideConvolution task;
  private final double[] weights;
  private final float[] rounded;

  WideChannelSums(WideConvolution task, ConvPlan plan, ConvTile tile, Workers.Scratch scratch) {
    super(
        plan,
        tile,
        RowArrays.DOUBLES,
        (from, count, into, at) -> WideSums.widen(task.x(), from, count, into, at),
        scratch);
    this.task = task;
    this.weights = scratch.moreDoubles(plan.depth());
    this.rounded = scratch.floats(positions());
  }

  @Override
  int together() {
    return 1;
  }

  @Override
  void write(int channel, int count, int at, int distance) {
    int[] places = places();
    int first = channel * places.length;
    for (int i = 0; i < places.length; i++) {
      weights[places[i]] = task.w()[first + i];
    }
    double start = task.bias().length == 0 ? 0 : task.bias()[channel];
    Arrays.fill(accumulators(), 0, positions(), start);
    WideSums.round(accumulators(), addAll(), positions(), rounded);
    task.destination().write(rounded, 0, positions(), channel, at);
  }

  @Override
  void add(int weight, double[][] terms, int first, int count, int start) {
    PairChains.accumulate(
        weights, weight, terms, first, count, accumulators(), start, start + positions());
  }
}
