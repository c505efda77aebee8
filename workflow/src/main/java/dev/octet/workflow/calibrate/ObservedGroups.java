package dev.octet.workflow.calibrate;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.observer.ChannelLayout;
import dev.octet.api.spec.Granularity;
import dev.octet.kernels.execute.SubgraphValues;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Groups that were checked against the graph that will run.
 *
 * @param list the groups
 * @param parts what observers watch for each of the groups
 * @param tensors all of that, each once
 * @param observers the kinds of observers
 * @param constants the constants among the groups' values, by name
 * @param logits which values are logits
 */
record ObservedGroups(
    List<ObservedGroup> list,
    List<List<ObservedTensors>> parts,
    List<ObservedTensors> tensors,
    Observers observers,
    Map<String, Tensor> constants,
    LogitPaths logits) {

  static ObservedGroups of(Model model, List<ObservedGroup> groups, Observers observers) {
    List<ObservedGroup> sorted = groups.stream().distinct().sorted(ObservedGroup.ORDER).toList();
    Map<String, Tensor> constants = new LinkedHashMap<>();
    Map<String, Graph> graphs = SubgraphValues.graphs(model.graph());
    for (ObservedGroup group : sorted) {
      observers.canonical(group.spec().observer());
      for (String value : group.values()) {
        Place place = place(graphs, value);
        requireFloat(place, value);
        Tensor constant = place.graph().initializers().get(place.name());
        if (constant != null) {
          constants.put(value, constant);
        }
        requireChannels(place, value, group);
      }
    }
    List<List<ObservedTensors>> parts = watched(sorted, observers);
    List<ObservedTensors> tensors =
        parts.stream().flatMap(List::stream).distinct().sorted(ObservedTensors.ORDER).toList();
    return new ObservedGroups(sorted, parts, tensors, observers, constants, LogitPaths.of(model));
  }

  /** Who keeps a histogram of a value knows its smallest and largest too. */
  private static List<List<ObservedTensors>> watched(
      List<ObservedGroup> groups, Observers observers) {
    List<List<ObservedTensors>> parts =
        groups.stream().map(group -> watched(group, observers)).toList();
    Set<ObservedTensors> all = new HashSet<>();
    parts.forEach(all::addAll);
    return parts.stream()
        .map(part -> part.stream().map(seen -> withHistogram(seen, all)).toList())
        .toList();
  }

  private static ObservedTensors withHistogram(ObservedTensors seen, Set<ObservedTensors> all) {
    ObservedTensors histogram = seen.by(Observers.HISTOGRAM);
    return seen.observer().equals(Observers.EXTREMES) && all.contains(histogram) ? histogram : seen;
  }

  private static List<ObservedTensors> watched(ObservedGroup group, Observers observers) {
    ObservedTensors whole = ObservedTensors.of(group, observers.keeping(group.spec().observer()));
    return observers.descriptor(whole.observer()).orderDependent()
        ? List.of(whole)
        : group.values().stream().map(whole::only).toList();
  }

  /** Tells whether some observer must see the samples in order, on one thread. */
  boolean orderDependent() {
    return tensors.stream().anyMatch(this::isOrderDependent);
  }

  /** Tells whether an observer must see the samples in order. */
  boolean isOrderDependent(ObservedTensors watched) {
    return observers.descriptor(watched.observer()).orderDependent();
  }

  /**
   * Returns what constants add to what each observer sees, when each is seen a number of times;
   * nothing for an observer that sees them in their turn with every sample.
   *
   * @param times at least 1
   */
  List<TensorStatistics> constantStatistics(long times) {
    List<TensorStatistics> statistics = new ArrayList<>();
    for (ObservedTensors watched : tensors) {
      TensorCollector collector = new TensorCollector(watched, observers, logits);
      for (int i = 0; i < watched.values().size(); i++) {
        Tensor constant = constants.get(watched.values().get(i));
        if (constant != null && !isOrderDependent(watched)) {
          float[] elements = constant.floats();
          collector.add(i, elements, elements.length, constant.sizes(), 1);
        }
      }
      statistics.add(collector.statistics().repeated(times));
    }
    return statistics;
  }

  /**
   * Checks that what was seen of the parts of a group has as many channels in each of them.
   *
   * @throws OctetException {@code OCT-CAL-022} if it has not
   */
  void requireSameChannels(Map<ObservedTensors, TensorStatistics> seen) {
    for (List<ObservedTensors> group : parts) {
      int channels = 0;
      for (ObservedTensors watched : group) {
        TensorStatistics statistics = seen.get(watched);
        int own = statistics == null ? 0 : statistics.channels().size();
        if (own > 0 && channels > 0 && own != channels) {
          throw CalibrationErrors.otherChannels(watched.values().get(0), own, channels);
        }
        channels = own > 0 ? own : channels;
      }
    }
  }

  /** The graph that has a value, the main graph when none has it, and the value's name there. */
  private record Place(Graph graph, String name) {
    private boolean isKnown() {
      return graph.initializers().containsKey(name)
          || graph.definition(name).isPresent()
          || graph.inputs().stream().anyMatch(i -> i.name().equals(name));
    }

    private Optional<TensorType> type() {
      return graph.type(name).filter(TensorType.class::isInstance).map(TensorType.class::cast);
    }
  }

  private static Place place(Map<String, Graph> graphs, String value) {
    return graphs.entrySet().stream()
        .filter(e -> value.startsWith(e.getKey()))
        .map(e -> new Place(e.getValue(), value.substring(e.getKey().length())))
        .filter(Place::isKnown)
        .findFirst()
        .orElseGet(() -> new Place(graphs.values().iterator().next(), value));
  }

  private static void requireFloat(Place place, String value) {
    boolean known = place.isKnown();
    Optional<DataType> type = place.type().map(TensorType::dataType);
    if (!known || (type.isPresent() && type.get() != DataType.FLOAT)) {
      String why = known ? "is of type " + type.orElseThrow() : "is not in the graph";
      throw CalibrationErrors.notObservable(
          value, why, known ? Set.of() : near(place.graph(), value));
    }
  }

  private static void requireChannels(Place place, String value, ObservedGroup group) {
    Granularity granularity = group.spec().granularity();
    int rank = place.type().flatMap(TensorType::shape).map(s -> s.rank()).orElse(Integer.MAX_VALUE);
    boolean known =
        granularity.match(
            new Granularity.Cases<>(
                whole -> true,
                channel -> channel.axis() < rank,
                runs -> false,
                block -> false,
                token -> false));
    if (!known) {
      throw ChannelLayout.refused("Value '" + value + "'", granularity);
    }
  }

  /** Returns the values whose names hold the name looked for, or are held by it. */
  private static Set<String> near(Graph graph, String value) {
    Set<String> near = new TreeSet<>();
    graph.nodes().stream()
        .flatMap(n -> n.results().stream())
        .filter(r -> !r.isEmpty() && (r.contains(value) || value.contains(r)))
        .limit(5)
        .forEach(near::add);
    return near;
  }
}
