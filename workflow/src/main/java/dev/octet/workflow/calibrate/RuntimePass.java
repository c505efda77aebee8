package dev.octet.workflow.calibrate;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.runtime.Cancellation;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.kernels.execute.ValueListener;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.run.NamedRuntime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A float model on a runtime that tells of outputs alone: some of the values that it computes are
 * its outputs, and nothing else is, so that what they do not need is not computed.
 */
final class RuntimePass implements WatchedModel, AutoCloseable {

  private final ExecutableModel loaded;
  private final List<String> results;

  private RuntimePass(ExecutableModel loaded, List<String> results) {
    this.loaded = loaded;
    this.results = results;
  }

  /**
   * Loads the model.
   *
   * @param results results of nodes of the main graph, in their order; with none the model keeps
   *     the outputs that it has
   * @throws dev.octet.api.error.OctetException as {@link NamedRuntime#load}
   */
  static RuntimePass load(
      NamedRuntime runtime, Model model, List<String> results, Execution execution) {
    return new RuntimePass(runtime.load(watched(model, results), execution), results);
  }

  private static Model watched(Model model, List<String> results) {
    if (results.isEmpty()) {
      return model;
    }
    Graph graph = model.graph();
    Map<String, ValueInfo> types = new LinkedHashMap<>(graph.values());
    types.keySet().removeAll(results);
    return model.withGraph(
        new Graph(
            graph.name(),
            graph.inputs(),
            results.stream().map(name -> output(graph, name)).toList(),
            graph.initializers(),
            graph.nodes(),
            types,
            graph.origin()));
  }

  /** What is observed is FLOAT, where nobody has said so, too. */
  private static ValueInfo output(Graph graph, String name) {
    ValueType type =
        graph.type(name).orElseGet(() -> new TensorType(DataType.FLOAT, Optional.empty()));
    return graph.outputs().stream()
        .filter(output -> output.name().equals(name))
        .findFirst()
        .orElseGet(() -> ValueInfo.of(name, type));
  }

  @Override
  public void run(
      Map<String, Tensor> inputs,
      Cancellation cancellation,
      Set<String> observed,
      ValueListener listener) {
    inputs.forEach(
        (name, tensor) -> {
          if (observed.contains(name)) {
            tell(name, tensor, listener);
          }
        });
    Map<String, Tensor> outputs = loaded.run(inputs, cancellation);
    for (String name : results) {
      tell(name, Objects.requireNonNull(outputs.get(name), name), listener);
    }
  }

  private static void tell(String name, Tensor tensor, ValueListener listener) {
    if (tensor.dataType() != DataType.FLOAT) {
      throw CalibrationErrors.notObservable(name, "is of type " + tensor.dataType(), Set.of());
    }
    float[] elements = tensor.floats();
    int[] sizes = new int[tensor.rank()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = Math.toIntExact(tensor.sizes()[i]);
    }
    listener.value(name, elements, elements.length, sizes);
  }

  @Override
  public void close() {
    loaded.close();
  }
}
