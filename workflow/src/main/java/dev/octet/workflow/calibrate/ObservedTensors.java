package dev.octet.workflow.calibrate;

import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.ObserverSpec;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * What one observer watches. Statistics that add up are kept of each value by itself, so that they
 * serve every group that the value is in; those that depend on the order of what is seen are kept
 * of all values of a group together.
 *
 * @param values the values, those of subgraphs by their paths; not empty
 * @param granularity of what they have a channel: the whole, or an axis
 * @param observer what keeps their statistics, see {@link Observers#keeping}
 */
record ObservedTensors(List<String> values, Granularity granularity, ObserverSpec observer) {

  /** By the names of the values, then by the rest as text. */
  static final Comparator<ObservedTensors> ORDER =
      Comparator.<ObservedTensors, String>comparing(seen -> String.join("\0", seen.values))
          .thenComparing(seen -> seen.axis().orElse(-1))
          .thenComparing(seen -> seen.observer.name())
          .thenComparing(seen -> seen.observer.parameters().toString());

  /** Copies the values and checks that there is one. */
  ObservedTensors {
    values = List.copyOf(values);
    Objects.requireNonNull(granularity, "granularity");
    Objects.requireNonNull(observer, "observer");
    if (values.isEmpty()) {
      throw new IllegalArgumentException("an observer watches no value");
    }
  }

  /** Returns what an observer watches that sees all values of a group. */
  static ObservedTensors of(ObservedGroup group, ObserverSpec observer) {
    return new ObservedTensors(group.values(), group.spec().granularity(), observer);
  }

  /** Returns the same of one value alone. */
  ObservedTensors only(String value) {
    return new ObservedTensors(List.of(value), granularity, observer);
  }

  /** Returns the same with another observer. */
  ObservedTensors by(ObserverSpec other) {
    return new ObservedTensors(values, granularity, other);
  }

  /** Returns the granularity that has channels along an axis, or none. */
  static Granularity along(OptionalInt axis) {
    return axis.isPresent()
        ? new Granularity.PerChannel(axis.getAsInt())
        : new Granularity.PerTensor();
  }

  /** Returns the axis of the channels; empty where the whole is one. */
  OptionalInt axis() {
    return granularity.match(
        new Granularity.Cases<>(
            whole -> OptionalInt.empty(),
            channel -> OptionalInt.of(channel.axis()),
            runs -> notCalibrated(),
            block -> notCalibrated(),
            token -> notCalibrated()));
  }

  private OptionalInt notCalibrated() {
    throw new IllegalArgumentException(granularity + " is not calibrated");
  }
}
