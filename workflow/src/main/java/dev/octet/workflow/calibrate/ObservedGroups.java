package dev.octet.workflow.calibrate;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.observer.ChannelLayout;
import dev.octet.api.spec.Granularity;
import dev.octet.kernels.execute.SubgraphValues;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Groups that were checked against the graph that will run.
 *
 * @param list the groups by rising number
 * @param observers the kinds of observers
 * @param constants the constants among the groups' values, by name
 */
record ObservedGroups(
    List<ObservedGroup> list, Observers observers, Map<String, Tensor> constants) {

  static ObservedGroups of(Graph graph, List<ObservedGroup> groups, Observers observers) {
    List<ObservedGroup> sorted = new ArrayList<>(groups);
    sorted.sort(Comparator.comparingInt(ObservedGroup::id));
    Map<String, Tensor> constants = new LinkedHashMap<>();
    Map<String, Graph> graphs = SubgraphValues.graphs(graph);
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
    return new ObservedGroups(List.copyOf(sorted), observers, constants);
  }

  /** Tells whether some observer must see the samples in order, on one thread. */
  boolean orderDependent() {
    return list.stream().anyMatch(this::isOrderDependent);
  }

  /** Tells whether the observer of a group must see the samples in order. */
  boolean isOrderDependent(ObservedGroup group) {
    return observers.descriptor(group.spec().observer()).orderDependent();
  }

  /**
   * Returns what each group's constants add, when each is seen a number of times; nothing for a
   * group whose observer sees them in their turn with every sample.
   *
   * @param times at least 1
   */
  List<GroupStatistics> constantStatistics(long times) {
    List<GroupStatistics> statistics = new ArrayList<>();
    for (ObservedGroup group : list) {
      GroupCollector collector = new GroupCollector(group, observers);
      for (int i = 0; i < group.values().size(); i++) {
        Tensor constant = constants.get(group.values().get(i));
        if (constant != null && !isOrderDependent(group)) {
          float[] elements = constant.floats();
          collector.add(i, elements, elements.length, constant.sizes(), 1);
        }
      }
      statistics.add(collector.statistics().repeated(times));
    }
    return statistics;
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
      throw CalibrationErrors.NOT_OBSERVABLE
          .error("Value '" + value + "' cannot be observed: it " + why)
          .candidates(known ? List.of() : near(place.graph(), value))
          .build();
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
