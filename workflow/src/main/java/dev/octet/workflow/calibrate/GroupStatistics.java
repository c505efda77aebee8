package dev.octet.workflow.calibrate;

import dev.octet.api.observer.ChannelStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What was seen of the values of one group. Immutable.
 *
 * @param group the group
 * @param elements how many elements were seen of each of the group's values, in their order, each
 *     at least 0
 * @param channels the statistics of each channel; empty when nothing was seen
 * @param logits what was seen of them as logits; empty unless all of them are
 */
public record GroupStatistics(
    ObservedGroup group,
    List<Long> elements,
    List<ChannelStatistics> channels,
    Optional<LogitStatistics> logits) {

  /** Copies the lists and checks that the counts agree. */
  public GroupStatistics {
    Objects.requireNonNull(group, "group");
    elements = List.copyOf(elements);
    channels = List.copyOf(channels);
    Objects.requireNonNull(logits, "logits");
    TensorStatistics.requireAgreement(group.values(), elements, channels);
  }

  /** Takes what was seen of values that are no logits. */
  public GroupStatistics(
      ObservedGroup group, List<Long> elements, List<ChannelStatistics> channels) {
    this(group, elements, channels, Optional.empty());
  }

  /**
   * Returns what parts add up to.
   *
   * @param parts statistics of the group's values, in their order
   * @throws dev.octet.api.error.OctetException {@code OCT-CAL-022} if their numbers of channels
   *     differ; {@code OCT-CAL-017} if those of the observer of a backend do not add up
   */
  static GroupStatistics of(ObservedGroup group, List<TensorStatistics> parts) {
    List<Long> elements = new ArrayList<>();
    List<ChannelStatistics> channels = List.of();
    for (TensorStatistics part : parts) {
      elements.addAll(part.elements());
      boolean both = !channels.isEmpty() && !part.channels().isEmpty();
      if (both && channels.size() != part.channels().size()) {
        throw CalibrationErrors.otherChannels(
            part.tensors().values().get(0), part.channels().size(), channels.size());
      }
      channels = TensorStatistics.sum(channels, part.channels(), group.spec().observer().name());
    }
    return new GroupStatistics(group, elements, channels, LogitStatistics.together(parts));
  }

  /** Returns this as what one observer saw, which cannot be taken apart. */
  TensorStatistics whole() {
    return new TensorStatistics(
        ObservedTensors.of(group, Observers.keptBy(group.spec().observer())),
        elements,
        channels,
        logits);
  }

  /** Returns the statistics of both; they are of one group, and add up. */
  GroupStatistics plus(GroupStatistics other) {
    return new GroupStatistics(
        group,
        whole().plus(other.whole()).elements(),
        TensorStatistics.sum(channels, other.channels, group.spec().observer().name()),
        logits.flatMap(own -> other.logits.map(own::plus)));
  }

  /** Returns the number of infinities that are not those of a mask. */
  long unexpectedInfinities() {
    long infinite =
        channels.stream().mapToLong(ChannelStatistics::infinite).reduce(0, Math::addExact);
    return infinite - logits.map(LogitStatistics::masked).orElse(0L);
  }

  /** Returns the number of NaN and infinities seen. */
  public long nonFinite() {
    return channels.stream()
        .mapToLong(c -> Math.addExact(c.nan(), c.infinite()))
        .reduce(0, Math::addExact);
  }

  /** Returns group and number of channels, in one line. */
  @Override
  public String toString() {
    return channels.size() + " channels of " + group;
  }
}
