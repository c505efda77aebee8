package dev.octet.workflow.calibrate;

import dev.octet.api.error.OctetException;
import dev.octet.api.observer.ChannelStatistics;
import java.util.ArrayList;
import java.util.List;

/** Finds what one group's channels are quantized for. */
final class GroupRanges {

  private GroupRanges() {}

  static List<ChosenRange> of(GroupStatistics statistics, Observers observers) {
    List<ChosenRange> ranges = new ArrayList<>();
    for (ChannelStatistics channel : statistics.channels()) {
      if (channel.finite() == 0) {
        throw nothingFinite(statistics, ranges.size(), channel);
      }
      ranges.add(observers.choose(statistics.group().spec(), channel));
    }
    return List.copyOf(ranges);
  }

  private static OctetException nothingFinite(
      GroupStatistics statistics, int channel, ChannelStatistics seen) {
    String of = statistics.channels().size() > 1 ? " in channel " + channel : "";
    return CalibrationErrors.NOTHING_FINITE
        .error(
            "Of "
                + statistics.group().words()
                + " no finite value was seen"
                + of
                + ": "
                + seen.nan()
                + " NaN, "
                + seen.infinite()
                + " infinite")
        .build();
  }
}
