package dev.octet.workflow.calibrate;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds what a calibration knows of groups, of whichever plan they are. */
final class Coverage {

  private final Observers observers;
  private final List<TensorStatistics> all;
  private final Map<ObservedTensors, TensorStatistics> known = new HashMap<>();

  Coverage(List<TensorStatistics> all, Observers observers) {
    this.observers = observers;
    this.all = all;
    for (TensorStatistics statistics : all) {
      ObservedTensors seen = statistics.tensors();
      boolean named = observers.knows(seen.observer());
      known.put(named ? seen.by(observers.keeping(seen.observer())) : seen, statistics);
    }
  }

  /** Returns what was seen of a group; empty where not all of it was, or not so. */
  Optional<GroupStatistics> of(ObservedGroup group) {
    ObservedTensors whole = wanted(group);
    Optional<TensorStatistics> together = find(whole);
    if (together.isPresent() || isOrderDependent(whole)) {
      return together.map(seen -> GroupStatistics.of(group, List.of(seen)));
    }
    List<TensorStatistics> parts = new ArrayList<>();
    group.values().forEach(value -> find(whole.only(value)).ifPresent(parts::add));
    return parts.size() == group.values().size()
        ? Optional.of(GroupStatistics.of(group, parts))
        : Optional.empty();
  }

  /** Returns in words what is not known of a group that is not covered. */
  String lack(ObservedGroup group) {
    ObservedTensors whole = wanted(group);
    String missing =
        group.values().stream()
            .filter(value -> isOrderDependent(whole) || find(whole.only(value)).isEmpty())
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException(group + " is covered"));
    String seen =
        all.stream()
            .map(TensorStatistics::tensors)
            .filter(tensors -> tensors.values().contains(missing))
            .map(tensors -> words(tensors, missing))
            .collect(joining(" and "));
    return seen.isEmpty()
        ? "it has not observed '" + missing + "'"
        : "it has observed '"
            + missing
            + "' "
            + seen
            + ", and needed is "
            + words(isOrderDependent(whole) ? whole : whole.only(missing), missing);
  }

  private ObservedTensors wanted(ObservedGroup group) {
    return ObservedTensors.of(group, observers.keeping(group.spec().observer()));
  }

  private boolean isOrderDependent(ObservedTensors wanted) {
    return observers.descriptor(wanted.observer()).orderDependent();
  }

  /** A histogram knows its smallest and largest value. */
  private Optional<TensorStatistics> find(ObservedTensors wanted) {
    Optional<TensorStatistics> found = Optional.ofNullable(known.get(wanted));
    return found.isPresent() || !wanted.observer().equals(Observers.EXTREMES)
        ? found
        : Optional.ofNullable(known.get(wanted.by(Observers.HISTOGRAM)))
            .map(TensorStatistics::extremes);
  }

  private static String words(ObservedTensors tensors, String value) {
    String by =
        tensors.observer().equals(Observers.HISTOGRAM)
            ? "in a histogram"
            : "by " + tensors.observer();
    String along =
        tensors.axis().isPresent() ? " for each channel of axis " + tensors.axis().getAsInt() : "";
    List<String> others = new ArrayList<>(tensors.values());
    others.remove(value);
    String with = others.isEmpty() ? "" : " together with '" + String.join("', '", others) + "'";
    return by + along + with;
  }
}
