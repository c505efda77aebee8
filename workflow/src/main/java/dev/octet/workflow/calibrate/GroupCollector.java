package dev.octet.workflow.calibrate;

import dev.octet.api.error.OctetException;
import dev.octet.api.observer.ChannelLayout;
import dev.octet.api.observer.ValueObserver;
import java.util.ArrayList;
import java.util.List;

/** Feeds the values of one group to its observer and counts them. Not thread-safe. */
final class GroupCollector {

  private final ObservedGroup group;
  private final ValueObserver observer;
  private final long[] elements;
  private int channels = -1;

  GroupCollector(ObservedGroup group, Observers observers) {
    this.group = group;
    this.observer = observers.create(group.spec().observer());
    this.elements = new long[group.values().size()];
  }

  /**
   * Adds the elements of a value.
   *
   * @param index the value's index in the group
   * @param times how often each element counts
   */
  void add(int index, float[] data, int count, long[] sizes, int times) {
    ChannelLayout layout = ChannelLayout.of(group.spec().granularity(), sizes);
    if (channels >= 0 && channels != layout.channels()) {
      throw differentChannels(group.values().get(index), layout.channels());
    }
    channels = layout.channels();
    for (int i = 0; i < times; i++) {
      observer.observe(data, 0, count, layout);
      elements[index] = Math.addExact(elements[index], count);
    }
  }

  GroupStatistics statistics() {
    List<Long> counts = new ArrayList<>();
    for (long count : elements) {
      counts.add(count);
    }
    return new GroupStatistics(group, counts, observer.statistics());
  }

  private OctetException differentChannels(String value, int found) {
    return CalibrationErrors.OTHER_CHANNELS
        .error(
            "Value '"
                + value
                + "' of group "
                + group.id()
                + " has "
                + found
                + " channels, where "
                + channels
                + " were seen before")
        .build();
  }
}
