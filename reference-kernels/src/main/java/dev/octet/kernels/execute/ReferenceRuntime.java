package dev.octet.kernels.execute;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.api.runtime.Cancellation;
import dev.octet.api.runtime.Exactness;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.RequantizationProfile;
import dev.octet.api.runtime.RuntimeOptions;
import dev.octet.kernels.lower.QdqLowering;
import dev.octet.kernels.primitive.Primitives;
import java.util.List;
import java.util.Map;

/**
 * The {@code cpu} runtime: the reference kernels. Integers are exact by definition; floats have the
 * same bits on every machine and for any number of threads. Thread-safe.
 */
public final class ReferenceRuntime implements BackendRuntime {

  /** Makes the runtime; it holds nothing. */
  public ReferenceRuntime() {}

  /** Says who computes on this machine, for reports. */
  @Override
  public String toString() {
    return "reference kernels on " + Primitives.chosen().description();
  }

  @Override
  public RequantizationProfile requantization() {
    return RequantizationProfile.FLOAT_ROUND_HALF_EVEN;
  }

  @Override
  public Exactness exactness(OpType op) {
    return SupportedOperators.knows(op) ? new Exactness.Exact() : new Exactness.Unsupported();
  }

  /**
   * Makes a model ready to run: first {@link QdqLowering}, then the executor.
   *
   * @throws dev.octet.api.error.OctetException {@code OCT-GRAPH-001} if nodes cannot be executed;
   *     it names all of them
   */
  @Override
  public ExecutableModel load(Model model, RuntimeOptions options) {
    return new Loaded(GraphExecutor.of(QdqLowering.lower(model).model(), options));
  }

  /** A model on an executor. */
  private record Loaded(GraphExecutor executor) implements ExecutableModel {

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
      return executor.run(inputs, cancellation);
    }

    @Override
    public void close() {
      executor.close();
    }
  }
}
