package dev.octet.tck.check;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.tck.integers.IntegerModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A model with other names for nodes and values, and its nodes in another order in which each still
 * stands behind what it reads.
 *
 * @param model the model
 * @param names the other names by the original ones
 */
record Renamed(Model model, Map<String, String> names) {

  private static final String PREFIX = "other/";
  private static final int CASES = 12;

  Renamed {
    names = Map.copyOf(names);
  }

  /** Names that sort the other way round. */
  static Renamed backwards(IntegerModel original) {
    return of(original, name -> PREFIX + mirrored(name));
  }

  /** Names with blanks, letters beyond ASCII, and what means something in paths and formats. */
  static Renamed odd(IntegerModel original) {
    return of(original, name -> "\u0130\u00e9 ../%s\\{0}:'" + name + "\"|*?");
  }

  /** Names that differ in nothing but capital letters, and nodes named like values. */
  static Renamed byCase(IntegerModel original) {
    Map<String, String> known = new HashMap<>();
    return of(original, name -> known.computeIfAbsent(name, n -> cased(known.size())));
  }

  private static String cased(int number) {
    StringBuilder name = new StringBuilder();
    for (int bit = 0; bit < CASES; bit++) {
      name.append((number >> bit & 1) == 0 ? 'i' : 'I');
    }
    return name.toString();
  }

  private static Renamed of(IntegerModel original, UnaryOperator<String> rename) {
    Graph graph = original.model().graph();
    Map<String, String> names = new HashMap<>();
    UnaryOperator<String> other = name -> names.computeIfAbsent(name, rename);
    Map<String, Tensor> constants = new LinkedHashMap<>();
    graph.initializers().forEach((name, tensor) -> constants.put(other.apply(name), tensor));
    Map<String, ValueInfo> values = new LinkedHashMap<>();
    graph.values().values().forEach(v -> values.put(other.apply(v.name()), renamed(v, other)));
    Graph changed =
        new Graph(
            "other",
            graph.inputs().stream().map(input -> renamed(input, other)).toList(),
            graph.outputs().stream().map(output -> renamed(output, other)).toList(),
            constants,
            lastFirst(graph).stream().map(node -> renamed(node, other)).toList(),
            values,
            graph.origin());
    return new Renamed(original.model().withGraph(changed), names);
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

  /** Counts letters from the other end of ASCII. */
  private static String mirrored(String name) {
    return name.chars()
        .map(letter -> '~' + '!' - letter)
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }

  private static ValueInfo renamed(ValueInfo value, UnaryOperator<String> other) {
    return new ValueInfo(other.apply(value.name()), value.type(), value.origin());
  }

  /** A node is called as its first result is. */
  private static Node renamed(Node node, UnaryOperator<String> other) {
    List<String> operands =
        node.operands().stream().map(name -> name.isEmpty() ? name : other.apply(name)).toList();
    List<String> results = node.results().stream().map(other).toList();
    return new Node(
        results.get(0),
        node.op(),
        operands,
        results,
        node.attributes(),
        node.metadata(),
        node.origin());
  }

  /** Returns inputs of the original by the names that they have here. */
  Map<String, Tensor> inputs(Map<String, Tensor> original) {
    Map<String, Tensor> changed = new LinkedHashMap<>();
    original.forEach((name, tensor) -> changed.put(names.getOrDefault(name, name), tensor));
    return changed;
  }

  /** Returns outputs by the names that they have in the original. */
  Map<String, Tensor> outputs(Map<String, Tensor> changed) {
    Map<String, String> back = new HashMap<>();
    names.forEach((name, other) -> back.put(other, name));
    Map<String, Tensor> original = new LinkedHashMap<>();
    changed.forEach((name, tensor) -> original.put(back.getOrDefault(name, name), tensor));
    return original;
  }
}
