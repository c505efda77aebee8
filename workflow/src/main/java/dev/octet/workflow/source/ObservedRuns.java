package dev.octet.workflow.source;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.execute.GraphExecutor;
import dev.octet.kernels.thread.Workers;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.plan.NodeReads;
import dev.octet.workflow.run.SampleBatch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Runs a float model, and the same model with other weights, up to the inputs of some layers, batch
 * after batch in their order.
 */
final class ObservedRuns implements AutoCloseable {

  private final List<ObservedInput> inputs;
  private final Execution execution;
  private final Optional<GraphExecutor> floats;
  private final GraphExecutor fitted;

  /**
   * Makes the executors.
   *
   * @param model the float model
   * @param current its graph with the weights of now
   * @param inputs what is observed
   * @param both whether the float model runs, too
   */
  ObservedRuns(
      Model model, Graph current, List<ObservedInput> inputs, boolean both, Execution execution) {
    this.inputs = inputs;
    this.execution = execution;
    Set<String> wanted = names(inputs);
    this.floats =
        both ? Optional.of(executor(model, upTo(wanted, model.graph()))) : Optional.empty();
    this.fitted = executor(model, upTo(wanted, current));
  }

  private GraphExecutor executor(Model model, Graph graph) {
    return GraphExecutor.of(model.withGraph(graph), execution.parallelism());
  }

  private static Set<String> names(List<ObservedInput> inputs) {
    return inputs.stream().map(ObservedInput::path).collect(Collectors.toSet());
  }

  /** Adds the tokens of all samples. */
  void add(DataSource data, Gram sums, Workers workers, FittingProgress progress) {
    int size = data.fixedBatch().orElse(1);
    for (int from = 0; from < data.size(); from += size) {
      SampleBatch batch = SampleBatch.read(data, from, size);
      Tokens tokens = new Tokens(data, batch.inputs(), from, size);
      List<float[]> now = observed(fitted, batch, tokens);
      List<float[]> before = floats.map(all -> observed(all, batch, tokens)).orElse(now);
      for (int i = 0; i < now.size(); i++) {
        sums.add(now.get(i), before.get(i), workers);
      }
      progress.add(size);
    }
  }

  /** Returns what the layers read, in the order in which the run came to it. */
  private List<float[]> observed(GraphExecutor executor, SampleBatch batch, Tokens tokens) {
    return batch.run(inputs -> observed(executor, inputs, tokens), execution.cancellation());
  }

  private List<float[]> observed(GraphExecutor executor, Map<String, Tensor> batch, Tokens tokens) {
    List<float[]> found = new ArrayList<>();
    executor.run(
        batch,
        execution.cancellation(),
        names(inputs),
        (name, elements, count, sizes) -> {
          for (ObservedInput input : inputs) {
            if (input.path().equals(name)) {
              found.add(tokens.kept(input, elements, count, sizes));
            }
          }
        });
    return found;
  }

  /**
   * Drops the nodes that some values do not need. Where one is an input of the graph, or stands in
   * a subgraph, nothing is dropped.
   */
  private static Graph upTo(Set<String> wanted, Graph graph) {
    if (!wanted.stream().allMatch(name -> graph.definition(name).isPresent())) {
      return graph;
    }
    Set<String> needed = new HashSet<>(wanted);
    GraphEditor editor = new GraphEditor(graph);
    editor.setOutputs(
        wanted.stream()
            .sorted()
            .map(name -> ValueInfo.of(name, new TensorType(DataType.FLOAT, Optional.empty())))
            .toList());
    for (int i = graph.nodes().size() - 1; i >= 0; i--) {
      Node node = graph.nodes().get(i);
      if (node.results().stream().anyMatch(needed::contains)) {
        needed.addAll(NodeReads.of(node));
      } else {
        editor.remove(node.name());
      }
    }
    return editor.finish().graph();
  }

  @Override
  public void close() {
    floats.ifPresent(GraphExecutor::close);
    fitted.close();
  }
}
