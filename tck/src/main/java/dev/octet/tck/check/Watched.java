package dev.octet.tck.check;

import dev.octet.api.error.OctetException;
import dev.octet.api.observer.ChannelStatistics;
import dev.octet.api.observer.MergeableStatistics;
import dev.octet.api.observer.ValueObserver;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Scheme;
import dev.octet.api.spec.Storage;
import dev.octet.workflow.calibrate.ChosenRange;
import dev.octet.workflow.calibrate.Observers;
import dev.octet.workflow.text.JsonText;
import java.util.ArrayList;
import java.util.List;

/**
 * An observer of a backend, and what comes of it. Immutable.
 *
 * @param observers all kinds that there are
 * @param spec names the kind, with every parameter
 */
record Watched(Observers observers, ObserverSpec spec) {

  /** What ranges are found for. */
  static final List<QuantizationSpec.Observed> USES =
      List.of(
          QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT8)).withScheme(Scheme.affine()),
          QuantizationSpec.Observed.of(new QuantizedType(Storage.INT8, -127, 127))
              .withScheme(Scheme.symmetric()),
          QuantizationSpec.Observed.of(QuantizedType.of(Storage.UINT8)).withScheme(Scheme.affine()),
          QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT4))
              .withScheme(Scheme.symmetric()),
          QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT16))
              .withScheme(Scheme.symmetric()));

  boolean dependsOnOrder() {
    return observers.descriptor(spec).orderDependent();
  }

  /** Returns an observer that saw nothing. */
  ValueObserver fresh() {
    return observers.create(spec);
  }

  /** Returns what a new observer keeps of some calls, one for each channel. */
  List<ChannelStatistics> see(List<SeenPart> parts) {
    ValueObserver observer = fresh();
    parts.forEach(part -> part.showTo(observer));
    return observer.statistics();
  }

  /** Returns what a spec that names this observer chooses. */
  ChosenRange choose(QuantizationSpec.Observed use, ChannelStatistics channel) {
    return observers.choose(use.withObserver(spec), channel);
  }

  /** Returns what is chosen of a channel, as text that tells bits apart. */
  private String chosen(ChannelStatistics channel) {
    if (channel.finite() == 0) {
      return "nothing";
    }
    ChosenRange chosen = choose(USES.get(0), channel);
    try {
      return chosen.range() + ", " + chosen.parameters();
    } catch (OctetException e) {
      return chosen.range() + ", " + e.id();
    }
  }

  /**
   * Demands that two lists of statistics are the same in every bit.
   *
   * @param fact what is the same in both, as the beginning of a sentence
   * @throws Violation naming the first channel that differs
   */
  void requireSame(List<ChannelStatistics> expected, List<ChannelStatistics> found, String fact) {
    if (expected.size() != found.size()) {
      throw Violation.of(
          "%s: %d channels, then %d, of observer '%s'",
          fact, expected.size(), found.size(), spec.name());
    }
    for (int c = 0; c < expected.size(); c++) {
      ChannelStatistics before = expected.get(c);
      ChannelStatistics then = found.get(c);
      boolean kept =
          before.extremes().equals(then.extremes()) && before.state().equals(then.state());
      if (!kept || !before.equals(then) || before.hashCode() != then.hashCode()) {
        throw Violation.of(
            "%s: channel %d of observer '%s' keeps %s, then %s%s",
            fact, c, spec.name(), text(before), text(then), kept ? ", and is not equal" : "");
      }
    }
  }

  private static String text(ChannelStatistics channel) {
    return channel.extremes() + " with state " + JsonText.write(channel.state());
  }

  /** As {@link #requireSame}, and that the same is chosen of them. */
  void requireSameInUse(
      List<ChannelStatistics> expected, List<ChannelStatistics> found, String fact) {
    requireSame(expected, found, fact);
    for (int c = 0; c < expected.size(); c++) {
      String before = chosen(expected.get(c));
      String then = chosen(found.get(c));
      if (!before.equals(then)) {
        throw Violation.of(
            "%s: of channel %d observer '%s' makes %s, then %s",
            fact, c, spec.name(), before, then);
      }
    }
  }

  /** Returns the sums of each channel; a list without a channel saw nothing. */
  static List<ChannelStatistics> sum(List<ChannelStatistics> a, List<ChannelStatistics> b) {
    List<ChannelStatistics> sums = new ArrayList<>();
    for (int c = 0; c < a.size(); c++) {
      sums.add(mergeable(a.get(c)).plus(mergeable(b.get(c))));
    }
    return sums;
  }

  static MergeableStatistics mergeable(ChannelStatistics channel) {
    if (channel instanceof MergeableStatistics mergeable) {
      return mergeable;
    }
    throw Violation.of("its statistics cannot be added, and it is not declared order-dependent");
  }
}
