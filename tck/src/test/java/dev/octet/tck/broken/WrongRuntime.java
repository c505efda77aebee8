package dev.octet.tck.broken;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.option.Options;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.api.runtime.Cancellation;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.RuntimeUses;
import dev.octet.kernels.execute.ReferenceRuntime;
import java.util.List;
import java.util.Map;

/** The reference kernels, of which each wrong runtime differs in one thing. */
class WrongRuntime implements BackendRuntime {

  private final ReferenceRuntime right = new ReferenceRuntime();

  @Override
  public RuntimeUses uses(Options options) {
    return right.uses(options);
  }

  @Override
  public ExecutableModel load(LoadRequest request) {
    Model changed = change(request.model());
    ExecutableModel loaded =
        right.load(
            LoadRequest.of(changed)
                .parallelism(request.parallelism())
                .operators(request.operators())
                .build());
    return new Loaded(request, loaded);
  }

  /** Returns the model that is run in the place of the one that was asked for. */
  Model change(Model model) {
    return model;
  }

  /** Returns what is given in the place of what the kernels gave. */
  Map<String, Tensor> change(
      LoadRequest request, Map<String, Tensor> inputs, Map<String, Tensor> outputs) {
    return outputs;
  }

  /** Returns what a loaded model lists as its outputs. */
  List<ValueInfo> outputs(Model model) {
    return model.graph().outputs();
  }

  /** Runs a loaded model. */
  Map<String, Tensor> run(
      LoadRequest request,
      ExecutableModel loaded,
      Map<String, Tensor> inputs,
      Cancellation cancellation) {
    return change(request, inputs, loaded.run(inputs, cancellation));
  }

  /** Closes a loaded model. */
  void close(ExecutableModel loaded) {
    loaded.close();
  }

  /** A model on the reference kernels. */
  private final class Loaded implements ExecutableModel {
    private final LoadRequest request;
    private final ExecutableModel loaded;

    private Loaded(LoadRequest request, ExecutableModel loaded) {
      this.request = request;
      this.loaded = loaded;
    }

    @Override
    public List<ValueInfo> inputs() {
      return request.model().graph().inputs();
    }

    @Override
    public List<ValueInfo> outputs() {
      return WrongRuntime.this.outputs(request.model());
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs, Cancellation cancellation) {
      return WrongRuntime.this.run(request, loaded, inputs, cancellation);
    }

    @Override
    public void close() {
      WrongRuntime.this.close(loaded);
    }
  }
}
