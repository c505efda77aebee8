package dev.octet.workflow.verify;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.workflow.plan.ModelHash;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/** Finds what of a model differs from another, by name. */
public final class ModelDifferences {

  private static final Words OF_FILE =
      new Words("is missing from the file", "is in the file alone");

  private final Words words;
  private final List<Difference> found = new ArrayList<>();

  private ModelDifferences(Words words) {
    this.words = words;
  }

  /**
   * What is said of something that one of the models has.
   *
   * @param onlyFirst of what the first has alone
   * @param onlySecond of what the second has alone
   */
  public record Words(String onlyFirst, String onlySecond) {}

  /**
   * Compares.
   *
   * @param expected the model that the claim gives
   * @param actual the model of the file
   */
  static List<Difference> of(Model expected, Model actual) {
    return of(expected, actual, OF_FILE);
  }

  /** Compares two models, in some words. */
  public static List<Difference> of(Model expected, Model actual, Words words) {
    ModelDifferences differences = new ModelDifferences(words);
    differences.compare("metadata", expected.metadata(), actual.metadata(), Object::equals);
    differences.compare("operator set", expected.opsets(), actual.opsets(), Object::equals);
    differences.compare(expected.graph(), actual.graph());
    return List.copyOf(differences.found);
  }

  private void compare(Graph expected, Graph actual) {
    compare("input", types(expected.inputs()), types(actual.inputs()), Object::equals);
    compare("output", types(expected.outputs()), types(actual.outputs()), Object::equals);
    compare("tensor", expected.initializers(), actual.initializers(), Tensor::equals);
    Map<String, Node> nodes = nodes(expected);
    Map<String, Node> others = nodes(actual);
    compare("node", nodes, others, ModelDifferences::isSame);
    boolean sameNames = nodes.keySet().equals(others.keySet());
    if (sameNames && !List.copyOf(nodes.keySet()).equals(List.copyOf(others.keySet()))) {
      found.add(new Difference("order of nodes", expected.name(), "is another"));
    }
  }

  private static boolean isSame(Node expected, Node actual) {
    return ModelHash.of(expected).equals(ModelHash.of(actual))
        && expected.metadata().equals(actual.metadata());
  }

  private static Map<String, String> types(List<ValueInfo> values) {
    Map<String, String> types = new LinkedHashMap<>();
    values.forEach(value -> types.put(value.name(), value.type().toString()));
    return types;
  }

  private static Map<String, Node> nodes(Graph graph) {
    Map<String, Node> nodes = new LinkedHashMap<>();
    graph.nodes().forEach(node -> nodes.put(node.name(), node));
    return nodes;
  }

  private <T> void compare(
      String kind, Map<String, T> expected, Map<String, T> actual, BiPredicate<T, T> same) {
    Set<String> names = new LinkedHashSet<>(expected.keySet());
    names.addAll(actual.keySet());
    for (String name : names) {
      T before = expected.get(name);
      T now = actual.get(name);
      if (before == null) {
        found.add(new Difference(kind, name, words.onlySecond()));
      } else if (now == null) {
        found.add(new Difference(kind, name, words.onlyFirst()));
      } else if (!same.test(before, now)) {
        found.add(new Difference(kind, name, "is another"));
      }
    }
  }
}
