package dev.octet.workflow.calibrate;

import java.util.List;

/** Watches the values of one group and keeps statistics of each channel. Not thread-safe. */
public interface Observer {

  /**
   * Adds values.
   *
   * @param data an array that holds them; not kept and not changed
   * @param from where they start
   * @param count how many, equal to {@code layout.count()}
   * @param layout which channel each belongs to
   * @throws IllegalArgumentException if the number of channels differs from that of earlier values
   */
  void observe(float[] data, int from, int count, ChannelLayout layout);

  /**
   * Adds the statistics of other values.
   *
   * @param statistics one for each channel, of this observer's kind; empty when nothing was seen
   * @throws IllegalArgumentException if kind or number of channels differ
   * @throws ArithmeticException if a count leaves 64 bits
   */
  void merge(List<ChannelStatistics> statistics);

  /** Returns the statistics so far, one for each channel; empty when nothing was seen. */
  List<ChannelStatistics> statistics();
}
