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

  static ObservedGroup of(int id, ObserverSpec observer, String... values) {
    return of(id, observer, new Granularity.PerTensor(), values);
  }

  static ObservedGroup of(
      int id, ObserverSpec observer, Granularity granularity, String... values) {
    QuantizationSpec.Observed spec =
        QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT8))
            .withGranularity(granularity)
            .withObserver(observer);
    return new ObservedGroup(id, List.of(values), spec);
  }

  /** Returns what an observer of one per-tensor group saw of one value. */
  static GroupStatistics statistics(ObservedGroup group, float... values) {
    GroupCollector collector = new GroupCollector(group, Observers.standard());
    collector.add(0, values, values.length, new long[] {values.length}, 1);
    return collector.statistics();
  }
}
