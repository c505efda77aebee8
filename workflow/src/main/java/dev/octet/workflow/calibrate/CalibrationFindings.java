package dev.octet.workflow.calibrate;

import static java.util.stream.Collectors.joining;

import dev.octet.api.observer.ChannelStatistics;
import dev.octet.api.observer.Extremes;
import dev.octet.api.quantizer.Finding;
import dev.octet.workflow.provenance.RuntimeBuild;
import java.util.ArrayList;
import java.util.List;

/** What a user must know about a calibration. */
final class CalibrationFindings {

  private static final int NAMED = 5;

  private CalibrationFindings() {}

  static List<Finding> of(Calibration calibration) {
    List<GroupStatistics> groups = calibration.groups();
    List<Finding> findings = new ArrayList<>();
    if (calibration.samples() == 1 && !groups.isEmpty()) {
      findings.add(
          CalibrationErrors.ONE_SAMPLE.about(
              "The ranges of "
                  + groups.size()
                  + " groups come from one sample. Calibrate on samples such as the model will"
                  + " meet, a hundred or more."));
    }
    List<String> unreached = calibration.unreached();
    if (!unreached.isEmpty()) {
      findings.add(unreached(unreached, calibration.runtime()));
    }
    List<GroupStatistics> zeros = groups.stream().filter(CalibrationFindings::isZero).toList();
    if (!zeros.isEmpty()) {
      findings.add(zeros(zeros, groups.size()));
    }
    groups.stream()
        .filter(g -> nan(g) > 0 || g.unexpectedInfinities() > 0)
        .map(CalibrationFindings::leftOut)
        .forEach(findings::add);
    return List.copyOf(findings);
  }

  /**
   * One channel of many may well be zero; a tensor of zeros alone holds nothing. A mask of zeros
   * and minus infinity does.
   */
  private static boolean isZero(GroupStatistics group) {
    if (group.logits().filter(seen -> seen.masked() > 0).isPresent()) {
      return false;
    }
    List<Extremes> seen =
        group.channels().stream()
            .map(ChannelStatistics::extremes)
            .filter(extremes -> extremes.finite() > 0)
            .toList();
    return !seen.isEmpty() && seen.stream().allMatch(each -> each.min() == 0 && each.max() == 0);
  }

  private static Finding unreached(List<String> values, RuntimeBuild runtime) {
    String bodies =
        runtime.isOctets()
            ? ""
            : " What bodies of If, Loop and Scan compute is not seen on '" + runtime.name() + "'.";
    return CalibrationErrors.UNREACHED.about(
        "No sample reached "
            + named(values)
            + ". The nodes that quantize them stay float; calibrate with samples that make the"
            + " model compute these values to quantize them as well."
            + bodies);
  }

  private static Finding zeros(List<GroupStatistics> zeros, int all) {
    return CalibrationErrors.ZEROS.about(
        zeros.size()
            + " of "
            + all
            + " groups were zero everywhere: "
            + named(zeros.stream().map(group -> group.group().values().get(0)).toList())
            + ". Look at the data, and at its steps; every number but 0 is clipped there.");
  }

  private static String named(List<String> values) {
    String first =
        values.stream().limit(NAMED).map(value -> "'" + value + "'").collect(joining(", "));
    return values.size() > NAMED ? first + " and " + (values.size() - NAMED) + " more" : first;
  }

  private static long nan(GroupStatistics group) {
    return group.channels().stream().mapToLong(ChannelStatistics::nan).sum();
  }

  private static Finding leftOut(GroupStatistics group) {
    long nan = nan(group);
    long infinite = group.unexpectedInfinities();
    String message =
        "The group of "
            + group.group().words()
            + " saw "
            + nan
            + " NaN and "
            + infinite
            + " infinite values, which were left out of its range. Check the data and the model"
            + " for operations that overflow.";
    return CalibrationErrors.ODD_VALUES.about(message);
  }
}
