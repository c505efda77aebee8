package dev.octet.workflow.evaluate;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import dev.octet.kernels.execute.GraphExecutor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What constants and the nodes behind them make of themselves, a dequantized weight for instance.
 */
final class StoredConstant {

  private StoredConstant() {}

  /**
   * Computes a value of the main graph.
   *
   * @return the value; empty when it depends on more than constants, or cannot be computed here
   */
  static Optional<Tensor> of(Model model, String value) {
    Graph graph = model.graph();
    Set<String> needed = new HashSet<>();
    Map<String, Tensor> constants = new LinkedHashMap<>();
    Deque<String> open = new ArrayDeque<>(List.of(value));
    while (!open.isEmpty()) {
      String next = open.pop();
      Tensor constant = graph.initializers().get(next);
      Optional<Node> producer = graph.producer(next);
      if (constant != null) {
        constants.put(next, constant);
      } else if (producer.isEmpty() || !producer.get().subgraphs().isEmpty()) {
        return Optional.empty();
      } else if (needed.add(producer.get().name())) {
        producer.get().operands().stream().filter(name -> !name.isEmpty()).forEach(open::push);
      }
    }
    return needed.isEmpty()
        ? Optional.ofNullable(constants.get(value))
        : computed(model, needed, constants, value);
  }

  private static Optional<Tensor> computed(
      Model model, Set<String> needed, Map<String, Tensor> constants, String value) {
    List<Node> nodes = new ArrayList<>(model.graph().nodes());
    nodes.removeIf(node -> !needed.contains(node.name()));
    ValueType type = model.graph().type(value).orElseGet(() -> new ValueType.Other("not stated"));
    List<ValueInfo> outputs = List.of(ValueInfo.of(value, type));
    Graph alone = new Graph("", List.of(), outputs, constants, nodes, Map.of(), Optional.empty());
    try (GraphExecutor executor = GraphExecutor.of(model.withGraph(alone), 1)) {
      return Optional.ofNullable(executor.run(Map.of()).get(value));
    } catch (OctetException refusal) {
      // An operator of a backend, perhaps; then nothing is told of the weight.
      return Optional.empty();
    }
  }
}
