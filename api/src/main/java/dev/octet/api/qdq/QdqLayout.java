package dev.octet.api.qdq;

import java.util.function.Function;

/**
 * Which elements of a tensor share a scale and a zero point, as far as QuantizeLinear and
 * DequantizeLinear can say it. An axis is the one that the node states; a negative one counts from
 * the innermost, -1, outwards.
 */
public sealed interface QdqLayout {

  /** All elements share one scale and zero point. */
  record PerTensor() implements QdqLayout {
    @Override
    public <T> T match(
        Function<? super PerTensor, ? extends T> perTensor,
        Function<? super PerChannel, ? extends T> perChannel,
        Function<? super Blocked, ? extends T> blocked) {
      return perTensor.apply(this);
    }
  }

  /**
   * Each index of one axis has its own.
   *
   * @param axis the axis
   */
  record PerChannel(long axis) implements QdqLayout {
    @Override
    public <T> T match(
        Function<? super PerTensor, ? extends T> perTensor,
        Function<? super PerChannel, ? extends T> perChannel,
        Function<? super Blocked, ? extends T> blocked) {
      return perChannel.apply(this);
    }
  }

  /**
   * Runs of neighbouring elements along one axis share; every index of the other axes has runs of
   * its own. A single run that holds the whole tensor is one, too.
   *
   * @param axis the axis that is cut into runs
   * @param size the length of a run, at least 1; the last one may be shorter
   */
  record Blocked(long axis, long size) implements QdqLayout {
    @Override
    public <T> T match(
        Function<? super PerTensor, ? extends T> perTensor,
        Function<? super PerChannel, ? extends T> perChannel,
        Function<? super Blocked, ? extends T> blocked) {
      return blocked.apply(this);
    }
  }

  /** Returns what the function for this layout's kind makes of it. */
  <T> T match(
      Function<? super PerTensor, ? extends T> perTensor,
      Function<? super PerChannel, ? extends T> perChannel,
      Function<? super Blocked, ? extends T> blocked);
}
