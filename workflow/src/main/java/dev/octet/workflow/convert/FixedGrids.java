package dev.octet.workflow.convert;

import dev.octet.api.observer.Extremes;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.FindingId;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizationSpec.Fixed;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.calibrate.GroupStatistics;
import dev.octet.workflow.calibrate.ObservedGroup;
import dev.octet.workflow.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds fixed grids of a backend that do not fit what calibration saw of their values: these use
 * less than a tenth of the steps, or leave the grid by more than a tenth of it. Values that are
 * nothing but zero need no steps.
 */
final class FixedGrids {

  private static final int NAMED = 5;
  private static final double LEAST_USED = 0.1;
  private static final double MOST_BEYOND = 0.1;

  private FixedGrids() {}

  /** Returns a warning that names the values; empty when there are none, or none was watched. */
  static Optional<Finding> of(Plan plan, Calibration calibration) {
    Map<ObservedGroup, Fixed> watched = plan.watchedGroups();
    Set<ObservedGroup> unseen =
        calibration.lacking(List.copyOf(watched.keySet()), plan.observers()).keySet();
    List<ObservedGroup> seen =
        watched.keySet().stream().filter(group -> !unseen.contains(group)).toList();
    List<String> misfits = new ArrayList<>();
    for (GroupStatistics group : calibration.restrictedTo(seen, plan.observers()).groups()) {
      Optional.ofNullable(watched.get(group.group()))
          .flatMap(grid -> misfit(group, grid))
          .ifPresent(misfits::add);
    }
    return misfits.isEmpty() ? Optional.empty() : Optional.of(finding(misfits));
  }

  private static Optional<String> misfit(GroupStatistics group, Fixed grid) {
    QuantizationParameters parameters = grid.parameters();
    double step = parameters.scale(0);
    double low = (grid.type().min() - parameters.realZeroPoint(0)) * step;
    double high = (grid.type().max() - parameters.realZeroPoint(0)) * step;
    Extremes seen =
        group.channels().stream()
            .map(channel -> channel.extremes())
            .reduce(Extremes.NONE, (a, b) -> a.plus(b));
    boolean something = seen.min() < 0 || seen.max() > 0;
    double reach = high - low;
    double used = Math.min(seen.max(), high) - Math.max(seen.min(), low);
    double beyond = Math.max(low - seen.min(), seen.max() - high);
    boolean fits = used >= LEAST_USED * reach && beyond <= MOST_BEYOND * reach;
    return seen.finite() == 0 || !something || fits
        ? Optional.empty()
        : Optional.of(words(group.group(), seen, step, Math.max(0, used), reach));
  }

  /** Returns a report without what is said here; itself when it says nothing of it. */
  static ConversionReport removedFrom(ConversionReport report) {
    return report.without(id());
  }

  private static String words(
      ObservedGroup group, Extremes seen, double step, double used, double reach) {
    return String.format(
        Locale.ROOT,
        "'%s' runs from %.4g to %.4g, %.0f of the %.0f steps of %.4g",
        group.values().get(0),
        seen.min(),
        seen.max(),
        Math.floor(used / step),
        Math.rint(reach / step) + 1,
        step);
  }

  private static FindingId id() {
    return ConversionErrors.FIXED_GRID;
  }

  private static Finding finding(List<String> misfits) {
    int more = misfits.size() - NAMED;
    return id().about(
            "Fixed grids of the backend do not fit the values that calibration saw: "
                + misfits.stream().limit(NAMED).collect(Collectors.joining("; "))
                + (more > 0 ? "; and " + more + " more" : "")
                + ".");
  }
}
