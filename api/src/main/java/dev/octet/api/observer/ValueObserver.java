package dev.octet.api.observer;

import java.util.List;

/**
 * Watches values of one group of points and keeps statistics of each channel. Streaming: what it
 * keeps is bounded by the number of channels and does not grow with the number of values. Used by
 * one thread at a time; need not be thread-safe.
 *
 * <p>Several observers of one group may each see one of its tensors, and a part of the samples, on
 * several threads; the sum of their statistics is that of the group. An observer that depends on
 * order sees all of them; see {@link ObserverDescriptor#orderDependent()}.
 */
public interface ValueObserver {

  /**
   * Adds values.
   *
   * <p>Any float32 may be among them: NaN and infinities must be counted and take no part in
   * anything else; negative zero counts as zero. {@link Extremes#of} does so.
   *
   * @param data an array that holds them; not to be kept and not to be changed, for it is used
   *     again
   * @param from where they start
   * @param count how many, equal to {@code layout.count()}; may be 0
   * @param layout which channel each belongs to; the number of channels is the same in every call
   * @throws IllegalArgumentException if {@code count} or the number of channels is another one
   * @throws ArithmeticException if a count leaves 64 bits
   */
  void observe(float[] data, int from, int count, ChannelLayout layout);

  /**
   * Returns the statistics of all values so far, one for each channel; empty when {@link #observe}
   * was never called. They do not change when more values are added.
   */
  List<ChannelStatistics> statistics();
}
