package dev.octet.workflow.calibrate;

import dev.octet.api.error.OctetException;
import dev.octet.api.observer.ChannelStatistics;
import dev.octet.api.observer.Range;
import dev.octet.api.spec.QuantizationSpec;
import java.util.ArrayList;
import java.util.List;

/** Finds the ranges of one group's channels. */
final class GroupRanges {

  private GroupRanges() {}

  static List<Range> of(GroupStatistics statistics, Observers observers) {
    QuantizationSpec.Observed spec = statistics.group().spec();
    List<Range> ranges = new ArrayList<>();
    for (ChannelStatistics channel : statistics.channels()) {
      if (channel.finite() == 0) {
        throw nothingFinite(statistics, ranges.size(), channel);
      }
      ranges.add(observers.range(spec.observer(), channel, spec.type(), spec.scheme()));
    }
    return List.copyOf(ranges);
  }

  private static OctetException nothingFinite(
      GroupStatistics statistics, int channel, ChannelStatistics seen) {
    String of = statistics.channels().size() > 1 ? " in channel " + channel : "";
    return CalibrationErrors.NOTHING_FINITE
        .error(
            "Of '"
                + String.join("', '", statistics.group().values())
                + "' no finite value was seen"
                + of
                + ": "
                + seen.nan()
                + " NaN, "
                + seen.infinite()
                + " infinite")
        .build();
  }
}
