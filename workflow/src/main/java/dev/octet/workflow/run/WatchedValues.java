package dev.octet.workflow.run;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import dev.octet.kernels.infer.ShapeInference;
import dev.octet.kernels.operators.OperatorSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lets a model give values of its main graph beside its outputs. */
public final class WatchedValues {

  private WatchedValues() {}

  /**
   * Returns a model that gives more values.
   *
   * @param wanted names of results of the main graph; those that are outputs stay what they are
   */
  public static Model of(Model model, Collection<String> wanted) {
    return of(model, ShapeInference.infer(model, OperatorSet.standard()), wanted);
  }

  /**
   * Returns a model that gives more values.
   *
   * @param graph the model's main graph, with the types of its values
   * @param wanted names of results of the main graph
   */
  public static Model of(Model model, Graph graph, Collection<String> wanted) {
    Map<String, ValueInfo> types = new LinkedHashMap<>(graph.values());
    List<ValueInfo> outputs = new ArrayList<>(graph.outputs());
    for (String value : wanted) {
      if (!graph.isOutput(value)) {
        ValueType type =
            graph.type(value).orElseGet(() -> new ValueType.Other("not stated by the model"));
        outputs.add(ValueInfo.of(value, type));
        types.remove(value);
      }
    }
    return model.withGraph(
        new Graph(
            graph.name(),
            graph.inputs(),
            outputs,
            graph.initializers(),
            graph.nodes(),
            types,
            graph.origin()));
  }
}
