package dev.octet.workflow.convert;

import dev.octet.api.error.OctetException;
import dev.octet.api.observer.ChannelLayout;
import dev.octet.api.observer.ChannelStatistics;
import dev.octet.api.observer.Range;
import dev.octet.api.observer.ValueObserver;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.ScaleLevels;
import dev.octet.kernels.quantize.ParameterLayout;
import dev.octet.kernels.quantize.TwoLevelScales;
import dev.octet.workflow.calibrate.ChosenRange;
import dev.octet.workflow.calibrate.Observers;
import dev.octet.workflow.plan.GraphValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Observes constants: what a group of them needs no calibration data for. */
final class ConstantRanges {

  private final Observers observers;

  ConstantRanges(Observers observers) {
    this.observers = observers;
  }

  /**
   * What was seen, and what to quantize for, of each part of the constants that has a scale.
   *
   * @param observed from the smallest to the largest value
   * @param parameters scale and zero point of what the observer makes of it
   */
  record Outcome(List<Range> observed, QuantizationParameters parameters) {}

  /**
   * Observes constants that share one spec.
   *
   * @throws OctetException {@code OCT-CONV-002} if they need different numbers of scales; {@code
   *     OCT-CONV-003}, {@code OCT-CONV-011} and {@code OCT-CONV-012} as {@link ConstantValues}
   */
  Outcome of(QuantizationSpec.Observed spec, List<GraphValue> constants) {
    ObserverSpec canonical = observers.canonical(spec.observer());
    List<ValueObserver> parts = new ArrayList<>();
    for (GraphValue constant : constants) {
      observe(constant, spec, canonical, parts);
    }
    List<Range> observed = new ArrayList<>();
    List<ChosenRange> chosen = new ArrayList<>();
    Range nothing = new Range(0f, 0f);
    for (ValueObserver part : parts) {
      List<ChannelStatistics> seen = part.statistics();
      boolean empty = seen.isEmpty() || seen.get(0).finite() == 0;
      observed.add(empty ? nothing : new Range(seen.get(0).min(), seen.get(0).max()));
      chosen.add(
          empty
              ? ChosenRange.of(nothing, observers.rule(spec))
              : observers.choose(spec, seen.get(0)));
    }
    QuantizationParameters parameters =
        QuantizationParameters.joined(chosen.stream().map(ChosenRange::parameters).toList());
    return new Outcome(
        observed,
        spec.scheme()
            .levels()
            .map(levels -> leveled(levels, spec, constants.get(0), chosen, parameters))
            .orElse(parameters));
  }

  /** Gives the parts scales of two levels: those that they ask for, rounded. */
  private QuantizationParameters leveled(
      ScaleLevels levels,
      QuantizationSpec.Observed spec,
      GraphValue constant,
      List<ChosenRange> chosen,
      QuantizationParameters needed) {
    boolean rows = levels.over() == ScaleLevels.Over.ROW;
    int axis = rows ? groupAxis(spec.granularity()) : -1;
    if (rows && axis < 0) {
      throw ConstantValues.unfit(constant, spec.granularity(), "there are no rows of groups");
    }
    ParameterLayout layout = ConstantValues.layout(constant, spec.granularity());
    TwoLevelScales scales = new TwoLevelScales(levels);
    List<QuantizationParameters> parts =
        new ArrayList<>(Collections.nCopies(chosen.size(), needed));
    for (int[] sharing : sharing(layout, axis)) {
      float[] asked = new float[sharing.length];
      for (int i = 0; i < sharing.length; i++) {
        asked[i] = needed.scale(sharing[i]);
      }
      TwoLevelScales.Shared shared = scales.of(asked);
      for (int i = 0; i < sharing.length; i++) {
        float min = chosen.get(sharing[i]).range().min();
        parts.set(sharing[i], observers.rule(spec).withScale(min, shared.scale(i)));
      }
    }
    return QuantizationParameters.joined(parts);
  }

  /**
   * Returns the numbers of the parts that share a scale: those of each row along an axis, or all.
   *
   * @param axis the axis; -1 for all
   */
  private static List<int[]> sharing(ParameterLayout layout, int axis) {
    int[] grid = layout.grid();
    int groups = axis < 0 ? layout.count() : grid[axis];
    int inner = 1;
    for (int a = axis + 1; axis >= 0 && a < grid.length; a++) {
      inner *= grid[a];
    }
    List<int[]> rows = new ArrayList<>();
    for (int row = 0; row < layout.count() / Math.max(groups, 1); row++) {
      int first = row / inner * inner * groups + row % inner;
      int[] parts = new int[groups];
      for (int i = 0; i < groups; i++) {
        parts[i] = first + i * inner;
      }
      rows.add(parts);
    }
    return rows;
  }

  private static int groupAxis(Granularity granularity) {
    return granularity.match(
        new Granularity.Cases<Integer>(
            whole -> -1, channel -> -1, runs -> runs.axis(), block -> -1, token -> -1));
  }

  private void observe(
      GraphValue constant,
      QuantizationSpec.Observed spec,
      ObserverSpec canonical,
      List<ValueObserver> parts) {
    ParameterLayout layout = ConstantValues.layout(constant, spec.granularity());
    if (parts.isEmpty()) {
      for (int i = 0; i < layout.count(); i++) {
        parts.add(observers.create(canonical));
      }
    }
    if (parts.size() != layout.count()) {
      throw ConversionErrors.UNEQUAL_CONSTANTS
          .error(
              "constant '"
                  + constant.name()
                  + "' needs "
                  + layout.count()
                  + " scales, others of its group "
                  + parts.size())
          .build();
    }
    if (observers.descriptor(canonical).orderDependent()) {
      observeWhole(ConstantValues.floats(constant), layout, parts);
    } else {
      ConstantValues.forEachPart(
          constant,
          (values, first, count) ->
              layout.forEachRun(
                  first,
                  first + count,
                  (from, to, part) -> observe(parts.get(part), values, from - first, to - from)));
    }
  }

  /** What depends on the order of calls sees all elements of a constant in one. */
  private static void observeWhole(
      float[] values, ParameterLayout layout, List<ValueObserver> parts) {
    int[] next = new int[parts.size() + 1];
    layout.forEachRun((from, to, part) -> next[part + 1] += to - from);
    Arrays.parallelPrefix(next, Integer::sum);
    int[] starts = next.clone();
    float[] gathered = new float[values.length];
    layout.forEachRun(
        (from, to, part) -> {
          System.arraycopy(values, from, gathered, next[part], to - from);
          next[part] += to - from;
        });
    for (int part = 0; part < parts.size(); part++) {
      observe(parts.get(part), gathered, starts[part], starts[part + 1] - starts[part]);
    }
  }

  private static void observe(ValueObserver part, float[] values, int from, int count) {
    part.observe(values, from, count, ChannelLayout.perTensor(count));
  }
}
