package dev.octet.kernels.execute;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.option.Options;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.api.runtime.Cancellation;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.RuntimeUses;
import dev.octet.kernels.lower.QdqLowering;
import dev.octet.kernels.operators.OperatorSet;
import dev.octet.kernels.primitive.Primitives;
import dev.octet.kernels.sequence.PlainSequences;
import java.util.List;
import java.util.Map;

/**
 * The {@code cpu} runtime: the reference kernels. Integers are exact by definition; floats have the
 * same bits on every machine and for any number of threads. Thread-safe.
 */
public final class ReferenceRuntime implements BackendRuntime {

  private static final RuntimeUses USES = ReferenceUses.table();

  /** Makes the runtime; it holds nothing. */
  public ReferenceRuntime() {}

  /** Says who computes on this machine, for reports. */
  @Override
  public String toString() {
    return "reference kernels on " + Primitives.chosen().description();
  }

  @Override
  public RuntimeUses uses(Options options) {
    return USES;
  }

  /**
   * Makes a model ready to run: first {@link QdqLowering}, then the executor.
   *
   * @throws dev.octet.api.error.OctetException {@code OCT-GRAPH-001} if nodes cannot be executed;
   *     it names all of them; as {@link ModelCheck#require} if no run could compute them
   */
  @Override
  public ExecutableModel load(LoadRequest request) {
    OperatorSet operators = OperatorSet.with(request.operators());
    ModelCheck.require(request.model(), operators);
    return new Loaded(
        BareGraphs.of(request.model().graph()),
        GraphExecutor.unobserved(
            QdqLowering.lower(PlainSequences.without(request.model(), operators), operators)
                .model(),
            operators,
            request.parallelism()));
  }

  /**
   * A model on an executor.
   *
   * @param graph the graph as it was given, without the contents of its constants
   * @param executor what runs it
   */
  private record Loaded(Graph graph, GraphExecutor executor) implements ExecutableModel {

    @Override
    public List<ValueInfo> inputs() {
      return executor.inputs();
    }

    @Override
    public List<ValueInfo> outputs() {
      return executor.outputs();
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs, Cancellation cancellation) {
      Map<String, Tensor> results = executor.run(inputs, cancellation);
      StatedOutputs.require(graph, results);
      return results;
    }

    @Override
    public void close() {
      executor.close();
    }
  }
}
