package dev.octet.workflow.calibrate;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.infer.ShapeInference;
import dev.octet.kernels.operators.OperatorSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * Deals what observers watch out to passes over the samples, such that the values that a run of a
 * pass gives have together no more than {@link #MOST_BYTES}, with the sizes that they have for the
 * first samples. A value whose size is not known counts as {@link #UNKNOWN_BYTES}; what is larger
 * than the bound by itself has a pass of its own. Values that one observer watches together are in
 * one pass.
 */
final class PassPlan {

  /** What the values of one run may take. */
  static final long MOST_BYTES = 64L << 20;

  /** So that at most 16 values of unknown sizes share a pass. */
  private static final long UNKNOWN_BYTES = 4L << 20;

  private final Graph graph;
  private final Map<String, Integer> places = new HashMap<>();

  /**
   * Prepares.
   *
   * @param first the inputs of the first run
   */
  private PassPlan(Model model, OperatorSet operators, Map<String, Tensor> first) {
    this.graph = ShapeInference.infer(model.withGraph(typed(model.graph(), first)), operators);
    for (Node node : graph.nodes()) {
      node.results().forEach(result -> places.putIfAbsent(result, places.size()));
    }
  }

  private static Graph typed(Graph graph, Map<String, Tensor> first) {
    List<ValueInfo> inputs =
        graph.inputs().stream()
            .map(
                input ->
                    Optional.ofNullable(first.get(input.name()))
                        .map(tensor -> ValueInfo.of(input.name(), tensor.type()))
                        .orElse(input))
            .toList();
    return new Graph(
        graph.name(),
        inputs,
        graph.outputs(),
        graph.initializers(),
        graph.nodes(),
        graph.values(),
        graph.origin());
  }

  /**
   * What one pass watches.
   *
   * @param tensors what its observers watch
   * @param results the values among them that are results of nodes of the main graph, in their
   *     order
   */
  record Pass(List<ObservedTensors> tensors, List<String> results) {}

  /**
   * Returns the passes, at least one.
   *
   * @param first the inputs of the first run
   * @param mostBytes what the values of a run may take
   */
  static List<Pass> passes(
      Model model,
      OperatorSet operators,
      List<ObservedTensors> tensors,
      Map<String, Tensor> first,
      long mostBytes) {
    return new PassPlan(model, operators, first).passes(tensors, mostBytes);
  }

  private List<Pass> passes(List<ObservedTensors> tensors, long mostBytes) {
    List<ObservedTensors> ordered =
        tensors.stream().sorted(Comparator.comparingInt(this::firstPlace)).toList();
    List<Pass> passes = new ArrayList<>();
    List<ObservedTensors> open = new ArrayList<>();
    Set<String> values = new HashSet<>();
    long used = 0;
    for (ObservedTensors next : ordered) {
      long fresh = bytes(next.values(), values);
      if (used > 0 && fresh > 0 && used + fresh > mostBytes) {
        passes.add(pass(open, values));
        open.clear();
        values.clear();
        used = 0;
        fresh = bytes(next.values(), values);
      }
      open.add(next);
      values.addAll(next.values());
      used += fresh;
    }
    passes.add(pass(open, values));
    return passes;
  }

  private Pass pass(List<ObservedTensors> tensors, Set<String> values) {
    List<String> results =
        values.stream()
            .filter(places::containsKey)
            .sorted(Comparator.comparing(places::get))
            .toList();
    return new Pass(List.copyOf(tensors), results);
  }

  private int firstPlace(ObservedTensors tensors) {
    return tensors.values().stream()
        .mapToInt(value -> places.getOrDefault(value, -1))
        .min()
        .orElse(-1);
  }

  /** Inputs and constants are in memory anyway, and values of subgraphs are never given. */
  private long bytes(List<String> values, Set<String> counted) {
    return values.stream()
        .distinct()
        .filter(value -> places.containsKey(value) && !counted.contains(value))
        .mapToLong(this::size)
        .sum();
  }

  private long size(String value) {
    return graph
        .type(value)
        .flatMap(ValueType::tensor)
        .flatMap(TensorType::shape)
        .filter(Shape::isKnown)
        .map(shape -> LongStream.of(shape.sizes()).reduce(Float.BYTES, (a, b) -> a * b))
        .orElse(UNKNOWN_BYTES);
  }
}
