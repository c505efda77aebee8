package dev.octet.workflow.calibrate;

import dev.octet.api.observer.ChannelLayout;
import dev.octet.api.observer.ValueObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Feeds values to an observer and counts their elements. Not thread-safe. */
final class TensorCollector {

  private final ObservedTensors tensors;
  private final ValueObserver observer;
  private final long[] elements;
  private final Optional<LogitCollector> logits;
  private int channels = -1;

  /**
   * Makes a collector.
   *
   * @param logits which values are logits; of several values together that is not asked
   */
  TensorCollector(ObservedTensors tensors, Observers observers, LogitPaths logits) {
    this.tensors = tensors;
    this.observer = observers.create(tensors.observer());
    this.elements = new long[tensors.values().size()];
    this.logits =
        tensors.values().size() == 1
            ? logits.path(tensors.values().get(0)).map(LogitCollector::new)
            : Optional.empty();
  }

  /**
   * Adds the elements of a value.
   *
   * @param index the value's index among those that are watched
   * @param times how often each element counts
   */
  void add(int index, float[] data, int count, long[] sizes, int times) {
    ChannelLayout layout = ChannelLayout.of(tensors.granularity(), sizes);
    if (channels >= 0) {
      requireChannels(index, layout.channels(), channels);
    }
    channels = layout.channels();
    logits.ifPresent(rows -> rows.add(data, count, sizes, times));
    for (int i = 0; i < times; i++) {
      observer.observe(data, 0, count, layout);
      elements[index] = Math.addExact(elements[index], count);
    }
  }

  /** Returns the number of channels that were seen; empty when nothing was. */
  OptionalInt channels() {
    return channels < 0 ? OptionalInt.empty() : OptionalInt.of(channels);
  }

  /** Checks that what was seen has as many channels as what another collector of its group saw. */
  void requireChannels(int others) {
    if (channels >= 0) {
      requireChannels(0, channels, others);
    }
  }

  TensorStatistics statistics() {
    List<Long> counts = new ArrayList<>();
    for (long count : elements) {
      counts.add(count);
    }
    return new TensorStatistics(
        tensors, counts, observer.statistics(), logits.map(LogitCollector::statistics));
  }

  private void requireChannels(int index, int found, int before) {
    if (found != before) {
      throw CalibrationErrors.otherChannels(tensors.values().get(index), found, before);
    }
  }
}
