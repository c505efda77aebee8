package dev.octet.workflow.calibrate;

import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import java.util.List;

/** Groups for tests. */
final class Groups {

  private Groups() {}

  static ObservedGroup of(ObserverSpec observer, String... values) {
    return of(observer, new Granularity.PerTensor(), values);
  }

  static ObservedGroup of(ObserverSpec observer, Granularity granularity, String... values) {
    QuantizationSpec.Observed spec =
        QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT8))
            .withGranularity(granularity)
            .withObserver(observer);
    return new ObservedGroup(List.of(values), spec);
  }

  /** Returns what an observer of one per-tensor group saw of one value. */
  static GroupStatistics statistics(ObservedGroup group, float... values) {
    TensorCollector collector = collector(group);
    collector.add(0, values, values.length, new long[] {values.length}, 1);
    return statistics(group, collector);
  }

  /** Returns an observer of all values of a group. */
  static TensorCollector collector(ObservedGroup group) {
    Observers observers = Observers.standard();
    ObserverSpec keeping = observers.keeping(group.spec().observer());
    return new TensorCollector(ObservedTensors.of(group, keeping), observers, LogitPaths.none());
  }

  /** Returns what an observer of all values of a group saw. */
  static GroupStatistics statistics(ObservedGroup group, TensorCollector collector) {
    return GroupStatistics.of(group, List.of(collector.statistics()));
  }
}
