package dev.octet.kernels.primitive;

import dev.octet.kernels.thread.Workers;

/**
 * The sums of a {@link Convolution}: of operands of at most 8 bits.
 *
 * @param <A> what they are in
 */
abstract class NarrowSums<A> extends ConvSums<A> {

  private final Convolution task;
  private final long largestInput;
  private final byte[] buffer;

  NarrowSums(
      Convolution task,
      ConvPlan plan,
      ConvTile tile,
      RowArrays<A> arrays,
      Workers.Scratch scratch) {
    super(
        plan,
        tile,
        arrays,
        (from, count, into, at) ->
            arrays.widen(task.type(), task.x(), from, count, task.zeroPoint(), into, at),
        scratch);
    this.task = task;
    this.largestInput = Widening.largest(task.type(), task.zeroPoint());
    this.buffer = scratch.bytes(together() * plan.depth());
  }

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

  final byte[] buffer() {
    return buffer;
  }
}
