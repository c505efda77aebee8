package dev.octet.tck.integers;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.qdq.QdqGraph;
import dev.octet.api.runtime.OperatorUse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A model in QDQ form whose inputs and outputs are integers, with what was put into it. Immutable.
 *
 * @param name tells it from others; the same for the same composition
 * @param model the model; its outputs are the integers of each step's result, or of the last alone
 * @param inputs one tensor of integers for each input
 * @param constants the stored integers of its constants, by name
 * @param steps its nodes but for the conversions, in their order
 */
public record IntegerModel(
    String name,
    Model model,
    Map<String, Tensor> inputs,
    Map<String, Tensor> constants,
    List<Step> steps) {

  /** Copies maps and list; the order of the maps is kept. */
  public IntegerModel {
    Objects.requireNonNull(model, "model");
    inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
    constants = Collections.unmodifiableMap(new LinkedHashMap<>(constants));
    steps = List.copyOf(steps);
  }

  /** Returns this model with other inputs. */
  public IntegerModel with(Map<String, Tensor> others) {
    return new IntegerModel(name, model, others, constants, steps);
  }

  /** Returns this model with its last result for its only output. */
  public IntegerModel endAlone() {
    return cut(steps.size(), List.of(steps.get(steps.size() - 1)), name + "/end-alone");
  }

  /**
   * Returns the model that ends with one of its steps, whose outputs are those that this one has.
   *
   * @param count how many steps it has, at least 1
   */
  public IntegerModel first(int count) {
    List<Step> shown =
        model.graph().outputs().size() == 1
            ? List.of(steps.get(count - 1))
            : steps.subList(0, count);
    return cut(count, shown, name + "/first-" + count);
  }

  private IntegerModel cut(int count, List<Step> shown, String as) {
    Graph graph = model.graph();
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      nodes.add(node);
      if (node.results().contains(steps.get(count - 1).result())) {
        break;
      }
    }
    List<ValueInfo> outputs = new ArrayList<>();
    Map<String, ValueInfo> values = new LinkedHashMap<>(graph.values());
    graph.outputs().forEach(output -> values.put(output.name(), output));
    shown.forEach(
        step -> Optional.ofNullable(values.remove(step.result())).ifPresent(outputs::add));
    values.keySet().retainAll(nodes.stream().flatMap(node -> node.results().stream()).toList());
    Graph whole =
        new Graph(as, graph.inputs(), outputs, graph.initializers(), nodes, values, graph.origin());
    return new IntegerModel(as, model.withGraph(whole), inputs, constants, steps.subList(0, count));
  }

  /** Returns the use of an operator that a step is. */
  public OperatorUse use(Step step) {
    Node node = model.graph().node(step.node()).orElseThrow();
    return OperatorUse.of(new QdqGraph(model.graph()), node);
  }
}
