package dev.octet.tck.integers;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.qdq.QdqGraph;
import dev.octet.api.runtime.OperatorUse;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A model in QDQ form whose inputs and outputs are integers, with what was put into it. Immutable.
 *
 * @param name tells it from others; the same for the same composition
 * @param model the model; its outputs are the integers of each step's result
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

  /** Returns the use of an operator that a step is. */
  public OperatorUse use(Step step) {
    Node node = model.graph().node(step.node()).orElseThrow();
    return OperatorUse.of(new QdqGraph(model.graph()), node);
  }
}
