package dev.octet.workflow.calibrate;

import dev.octet.api.graph.Tensor;
import dev.octet.api.runtime.Cancellation;
import dev.octet.kernels.execute.ValueListener;
import dev.octet.workflow.run.SampleBatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Runs batches and collects what the observed values are. One thread uses it at a time; runners on
 * other threads may share its model.
 */
final class SampleRunner {

  /** Where a value goes. */
  private record Target(TensorCollector collector, int index) {
    void add(Tensor constant) {
      float[] elements = constant.floats();
      collector.add(index, elements, elements.length, constant.sizes(), 1);
    }
  }

  /** A constant that an order-dependent observer sees before each sample. */
  private record Constant(Target target, Tensor tensor) {}

  private final WatchedModel model;
  private final Map<ObservedTensors, TensorCollector> collectors = new LinkedHashMap<>();
  private final List<List<TensorCollector>> groups;
  private final Map<String, List<Target>> targets = new HashMap<>();
  private final List<Constant> constants = new ArrayList<>();
  private final Set<String> observed;

  /** Makes one that collects everything that is observed. */
  SampleRunner(WatchedModel model, ObservedGroups groups) {
    this(model, groups, groups.tensors());
  }

  /**
   * Makes one that collects a part of what is observed.
   *
   * @param part some of the tensors of the groups
   */
  SampleRunner(WatchedModel model, ObservedGroups groups, List<ObservedTensors> part) {
    this.model = model;
    part.forEach(watched -> collect(watched, groups));
    this.groups =
        groups.parts().stream()
            .map(parts -> parts.stream().filter(collectors::containsKey).toList())
            .filter(parts -> parts.size() > 1)
            .map(parts -> parts.stream().map(this::collector).toList())
            .toList();
    this.observed = new HashSet<>(targets.keySet());
    observed.removeAll(groups.constants().keySet());
  }

  private void collect(ObservedTensors watched, ObservedGroups groups) {
    TensorCollector collector = new TensorCollector(watched, groups.observers(), groups.logits());
    collectors.put(watched, collector);
    for (int i = 0; i < watched.values().size(); i++) {
      String value = watched.values().get(i);
      Target target = new Target(collector, i);
      targets.computeIfAbsent(value, v -> new ArrayList<>()).add(target);
      Tensor constant = groups.constants().get(value);
      if (constant != null && groups.isOrderDependent(watched)) {
        constants.add(new Constant(target, constant));
      }
    }
  }

  private TensorCollector collector(ObservedTensors watched) {
    return Objects.requireNonNull(collectors.get(watched), "everything that is watched is listed");
  }

  /**
   * Runs one batch.
   *
   * @param count number of samples in it
   * @param once values that a run computes once for the whole batch, so that they count for each
   *     sample
   * @param cancellation asked between nodes
   */
  void run(Map<String, Tensor> inputs, int count, Set<String> once, Cancellation cancellation) {
    constants.forEach(c -> c.target().add(c.tensor()));
    ValueListener listener =
        (name, data, elements, sizes) ->
            add(name, data, elements, sizes, once.contains(name) ? count : 1);
    model.run(inputs, cancellation, observed, listener);
    groups.forEach(SampleRunner::requireSameChannels);
  }

  /**
   * Runs one batch of some data; what fails says with which sample.
   *
   * @param count number of samples in it
   * @param once see {@link #run(Map, int, Set, Cancellation)}
   * @param cancellation asked between nodes
   */
  void run(SampleBatch samples, int count, Set<String> once, Cancellation cancellation) {
    samples.run(
        inputs -> {
          run(inputs, count, once, cancellation);
          return count;
        },
        cancellation);
  }

  /** Runs one batch in which every value counts once. */
  int run(SampleBatch samples, int count, Cancellation cancellation) {
    run(samples, count, Set.of(), cancellation);
    return count;
  }

  /** Returns what each observer saw, in the order of the tensors of the groups. */
  List<TensorStatistics> statistics() {
    return collectors.values().stream().map(TensorCollector::statistics).toList();
  }

  /** Found with the first batch, not when all samples have run. */
  private static void requireSameChannels(List<TensorCollector> group) {
    int channels = -1;
    for (TensorCollector collector : group) {
      if (channels >= 0) {
        collector.requireChannels(channels);
      }
      channels = collector.channels().orElse(channels);
    }
  }

  private void add(String name, float[] data, int elements, int[] sizes, int times) {
    long[] longSizes = new long[sizes.length];
    for (int i = 0; i < sizes.length; i++) {
      longSizes[i] = sizes[i];
    }
    for (Target target : targets.getOrDefault(name, List.of())) {
      target.collector().add(target.index(), data, elements, longSizes, times);
    }
  }
}
