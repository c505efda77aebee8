package dev.octet.tck.check;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.tck.integers.IntegerModel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A model with other names for nodes and values, which sort the other way round, and its nodes in
 * another order in which each still stands behind what it reads.
 *
 * @param model the model
 */
record Renamed(Model model) {

  private static final String PREFIX = "other/";

  static Renamed of(IntegerModel original) {
    Graph graph = original.model().graph();
    Map<String, Tensor> constants = new LinkedHashMap<>();
    graph.initializers().forEach((name, tensor) -> constants.put(other(name), tensor));
    Map<String, ValueInfo> values = new LinkedHashMap<>();
    graph.values().values().forEach(v -> values.put(other(v.name()), renamed(v)));
    Graph changed =
        new Graph(
            "other",
            graph.inputs().stream().map(Renamed::renamed).toList(),
            graph.outputs().stream().map(Renamed::renamed).toList(),
            constants,
            lastFirst(graph).stream().map(Renamed::renamed).toList(),
            values,
            graph.origin());
    return new Renamed(original.model().withGraph(changed));
  }

  /** The nodes so that of those that can be next the last comes first. */
  private static List<Node> lastFirst(Graph graph) {
    Set<String> known = new HashSet<>(graph.initializers().keySet());
    known.add("");
    graph.inputs().forEach(input -> known.add(input.name()));
    List<Node> open = new ArrayList<>(graph.nodes());
    List<Node> ordered = new ArrayList<>();
    while (!open.isEmpty()) {
      for (int i = open.size() - 1; i >= 0; i--) {
        Node node = open.get(i);
        if (known.containsAll(node.operands())) {
          known.addAll(node.results());
          ordered.add(open.remove(i));
          break;
        }
      }
    }
    return ordered;
  }

  private static String other(String name) {
    return PREFIX + mirrored(name);
  }

  /** Counts letters from the other end of ASCII; twice gives the name again. */
  private static String mirrored(String name) {
    return name.chars()
        .map(letter -> '~' + '!' - letter)
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }

  private static ValueInfo renamed(ValueInfo value) {
    return new ValueInfo(other(value.name()), value.type(), value.origin());
  }

  private static Node renamed(Node node) {
    List<String> operands =
        node.operands().stream().map(name -> name.isEmpty() ? name : other(name)).toList();
    List<String> results = node.results().stream().map(Renamed::other).toList();
    Node changed = node.withOperands(operands).withResults(results);
    return new Node(
        other(changed.name()),
        changed.op(),
        changed.operands(),
        changed.results(),
        changed.attributes(),
        changed.metadata(),
        changed.origin());
  }

  Map<String, Tensor> inputs(Map<String, Tensor> original) {
    Map<String, Tensor> changed = new LinkedHashMap<>();
    original.forEach((name, tensor) -> changed.put(other(name), tensor));
    return changed;
  }

  Map<String, Tensor> outputs(Map<String, Tensor> changed) {
    Map<String, Tensor> original = new LinkedHashMap<>();
    changed.forEach(
        (name, tensor) -> original.put(mirrored(name.substring(PREFIX.length())), tensor));
    return original;
  }
}
