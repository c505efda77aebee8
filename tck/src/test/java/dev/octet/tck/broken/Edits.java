package dev.octet.tck.broken;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Changes of models and results that wrong runtimes make. */
final class Edits {

  private Edits() {}

  /** Returns a model with other nodes, and more constants. */
  static Model nodes(
      Model model, Function<Node, List<Node>> change, Map<String, Tensor> constants) {
    Graph graph = model.graph();
    List<Node> nodes = new ArrayList<>();
    graph.nodes().forEach(node -> nodes.addAll(change.apply(node)));
    Map<String, Tensor> all = new LinkedHashMap<>(graph.initializers());
    all.putAll(constants);
    return with(model, nodes, all);
  }

  /** Returns a model with other constants. */
  static Model constants(Model model, BiFunction<String, Tensor, Tensor> change) {
    Map<String, Tensor> all = new LinkedHashMap<>();
    model.graph().initializers().forEach((name, t) -> all.put(name, change.apply(name, t)));
    return with(model, model.graph().nodes(), all);
  }

  private static Model with(Model model, List<Node> nodes, Map<String, Tensor> constants) {
    Graph graph = model.graph();
    return model.withGraph(
        new Graph(
            graph.name(),
            graph.inputs(),
            graph.outputs(),
            constants,
            nodes,
            graph.values(),
            graph.origin()));
  }

  /** Returns results of which one element is another integer. */
  static Map<String, Tensor> element(Map<String, Tensor> outputs, boolean last) {
    Map<String, Tensor> changed = new LinkedHashMap<>(outputs);
    outputs.forEach(
        (name, tensor) -> {
          long[] integers = tensor.integers();
          int at = last ? integers.length - 1 : 0;
          if (integers.length > 0) {
            integers[at] += integers[at] > 50 ? -4 : 4;
            changed.put(name, Tensor.ofIntegers(tensor.dataType(), integers, tensor.sizes()));
          }
        });
    return changed;
  }

  /** Returns results whose samples stand in the opposite order. */
  static Map<String, Tensor> reversed(Map<String, Tensor> outputs) {
    Map<String, Tensor> changed = new LinkedHashMap<>();
    outputs.forEach(
        (name, tensor) -> {
          long[] integers = tensor.integers();
          long[] others = new long[integers.length];
          int rows = Math.max(1, (int) tensor.sizes()[0]);
          int row = integers.length / rows;
          for (int i = 0; i < integers.length; i++) {
            others[(rows - 1 - i / row) * row + i % row] = integers[i];
          }
          changed.put(name, Tensor.ofIntegers(tensor.dataType(), others, tensor.sizes()));
        });
    return changed;
  }
}
