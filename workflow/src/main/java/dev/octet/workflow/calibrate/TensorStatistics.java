package dev.octet.workflow.calibrate;

import dev.octet.api.observer.ChannelStatistics;
import dev.octet.api.observer.Extremes;
import dev.octet.api.observer.MergeableStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What one observer saw. Immutable.
 *
 * @param tensors what it watched
 * @param elements how many elements were seen of each of the values, in their order, each at least
 *     0
 * @param channels the statistics of each channel; empty when nothing was seen
 * @param logits what was seen of them as logits; empty when they are none
 */
record TensorStatistics(
    ObservedTensors tensors,
    List<Long> elements,
    List<ChannelStatistics> channels,
    Optional<LogitStatistics> logits) {

  /** Copies the lists and checks that the counts agree. */
  TensorStatistics {
    Objects.requireNonNull(tensors, "tensors");
    elements = List.copyOf(elements);
    channels = List.copyOf(channels);
    Objects.requireNonNull(logits, "logits");
    requireAgreement(tensors.values(), elements, channels);
  }

  /** Takes what was seen of values that are no logits. */
  TensorStatistics(ObservedTensors tensors, List<Long> elements, List<ChannelStatistics> channels) {
    this(tensors, elements, channels, Optional.empty());
  }

  /** Checks that the elements of values are those of their channels. */
  static void requireAgreement(
      List<String> values, List<Long> elements, List<ChannelStatistics> channels) {
    if (elements.size() != values.size() || elements.stream().anyMatch(e -> e < 0)) {
      throw new IllegalArgumentException(elements + " do not count the elements of " + values);
    }
    long seen = channels.stream().mapToLong(ChannelStatistics::count).reduce(0, Math::addExact);
    if (elements.stream().reduce(0L, Math::addExact) != seen) {
      throw new IllegalArgumentException(elements + " elements, but " + seen + " in channels");
    }
  }

  /**
   * Returns the statistics of both.
   *
   * @throws IllegalArgumentException if what was watched or the numbers of channels differ, or both
   *     have statistics that depend on order
   * @throws ArithmeticException if a count leaves 64 bits
   */
  TensorStatistics plus(TensorStatistics other) {
    if (!tensors.equals(other.tensors)) {
      throw new IllegalArgumentException(tensors + " is not " + other.tensors);
    }
    List<Long> both = new ArrayList<>();
    for (int i = 0; i < elements.size(); i++) {
      both.add(Math.addExact(elements.get(i), other.elements.get(i)));
    }
    return new TensorStatistics(
        tensors,
        both,
        sum(channels, other.channels, observer()),
        logits.flatMap(own -> other.logits.map(own::plus)));
  }

  /**
   * Returns the sums of two lists of channels; Octet's own statistics add up, and what others do
   * wrong is laid to them.
   *
   * @param observer the name of what kept them
   */
  static List<ChannelStatistics> sum(
      List<ChannelStatistics> a, List<ChannelStatistics> b, String observer) {
    try {
      return sum(a, b);
    } catch (RuntimeException e) {
      boolean own = a.stream().allMatch(c -> c instanceof Extremes || c instanceof Histogram);
      throw own ? e : ObserverFailure.inAddition(observer, e);
    }
  }

  /**
   * Returns the sums of two lists of channels, either of which may be empty.
   *
   * @throws IllegalArgumentException if their numbers or kinds differ
   */
  static List<ChannelStatistics> sum(List<ChannelStatistics> a, List<ChannelStatistics> b) {
    if (a.isEmpty() || b.isEmpty()) {
      return a.isEmpty() ? b : a;
    }
    ChannelRuns.requireSame(a.size(), b.size());
    List<ChannelStatistics> sums = new ArrayList<>();
    for (int c = 0; c < a.size(); c++) {
      sums.add(mergeable(a.get(c)).plus(mergeable(b.get(c))));
    }
    return sums;
  }

  /** Tells whether what was seen can be added to what is seen elsewhere. */
  boolean isMergeable() {
    return channels.stream().allMatch(MergeableStatistics.class::isInstance);
  }

  /** Returns the statistics of the same values, each seen {@code times} times; at least once. */
  TensorStatistics repeated(long times) {
    return new TensorStatistics(
        tensors,
        elements.stream().map(e -> Math.multiplyExact(e, times)).toList(),
        channels.stream().<ChannelStatistics>map(c -> mergeable(c).repeated(times)).toList(),
        logits.map(seen -> seen.repeated(times)));
  }

  /** Returns the smallest finite value; plus infinity when there was none. */
  float min() {
    float min = Float.POSITIVE_INFINITY;
    for (ChannelStatistics channel : channels) {
      min = channel.finite() > 0 ? Math.min(min, channel.min()) : min;
    }
    return min;
  }

  /** Returns what an observer had kept that keeps the smallest and the largest value alone. */
  TensorStatistics extremes() {
    return new TensorStatistics(
        tensors.by(Observers.EXTREMES),
        elements,
        channels.stream().<ChannelStatistics>map(ChannelStatistics::extremes).toList(),
        logits);
  }

  private String observer() {
    return tensors.observer().name();
  }

  private static MergeableStatistics mergeable(ChannelStatistics channel) {
    if (channel instanceof MergeableStatistics mergeable) {
      return mergeable;
    }
    throw new IllegalArgumentException("statistics that depend on the order do not add up");
  }
}
