package dev.octet.workflow.calibrate;

import dev.octet.api.observer.ChannelStatistics;
import dev.octet.api.observer.Extremes;
import dev.octet.api.observer.MergeableStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What the observer of one group saw. Immutable.
 *
 * @param group the group
 * @param elements how many elements were seen of each of the group's values, in their order, each
 *     at least 0
 * @param channels the statistics of each channel; empty when nothing was seen
 */
public record GroupStatistics(
    ObservedGroup group, List<Long> elements, List<ChannelStatistics> channels) {

  /** Copies the lists and checks that the counts agree. */
  public GroupStatistics {
    Objects.requireNonNull(group, "group");
    elements = List.copyOf(elements);
    channels = List.copyOf(channels);
    if (elements.size() != group.values().size() || elements.stream().anyMatch(e -> e < 0)) {
      throw new IllegalArgumentException(
          elements + " do not count the elements of " + group.values());
    }
    long seen = channels.stream().mapToLong(ChannelStatistics::count).reduce(0, Math::addExact);
    if (elements.stream().reduce(0L, Math::addExact) != seen) {
      throw new IllegalArgumentException(elements + " elements, but " + seen + " in channels");
    }
  }

  /**
   * Returns the statistics of both sets of values.
   *
   * @throws IllegalArgumentException if the groups or their numbers of channels differ, or both
   *     have statistics that depend on order
   * @throws ArithmeticException if a count leaves 64 bits
   */
  GroupStatistics plus(GroupStatistics other) {
    if (!group.equals(other.group)) {
      throw new IllegalArgumentException(group + " is not " + other.group);
    }
    List<Long> both = new ArrayList<>();
    for (int i = 0; i < elements.size(); i++) {
      both.add(Math.addExact(elements.get(i), other.elements.get(i)));
    }
    return new GroupStatistics(group, both, channelsWith(other));
  }

  /** Octet's own statistics add up; what others do wrong is laid to them. */
  private List<ChannelStatistics> channelsWith(GroupStatistics other) {
    try {
      return sum(channels, other.channels);
    } catch (RuntimeException e) {
      boolean own =
          channels.stream().allMatch(c -> c instanceof Extremes || c instanceof Histogram);
      throw own ? e : ObserverFailure.inAddition(group.spec().observer().name(), e);
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

  private static MergeableStatistics mergeable(ChannelStatistics channel) {
    if (channel instanceof MergeableStatistics mergeable) {
      return mergeable;
    }
    throw new IllegalArgumentException("statistics that depend on the order do not add up");
  }

  /** Returns the statistics of the same values, each seen {@code times} times; at least once. */
  GroupStatistics repeated(long times) {
    return new GroupStatistics(
        group,
        elements.stream().map(e -> Math.multiplyExact(e, times)).toList(),
        channels.stream().<ChannelStatistics>map(c -> mergeable(c).repeated(times)).toList());
  }

  /** Returns the number of NaN and infinities seen. */
  public long nonFinite() {
    return channels.stream()
        .mapToLong(c -> Math.addExact(c.nan(), c.infinite()))
        .reduce(0, Math::addExact);
  }
}
