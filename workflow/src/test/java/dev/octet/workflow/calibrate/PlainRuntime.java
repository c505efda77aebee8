package dev.octet.workflow.calibrate;

import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.RuntimeUses;
import dev.octet.kernels.execute.ReferenceRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A runtime of a backend that tells of outputs alone, and here computes what Octet does. */
final class PlainRuntime implements BackendRuntime {

  private final List<List<String>> outputs = new ArrayList<>();
  private final ReferenceRuntime kernels = new ReferenceRuntime();

  /** Returns the names of the outputs of each model that was loaded. */
  List<List<String>> outputs() {
    return outputs;
  }

  @Override
  public Optional<String> version() {
    return Optional.of("1.2");
  }

  @Override
  public List<OptionDescriptor> options() {
    return List.of(
        OptionDescriptor.word("mode", "How it computes.", "fast", "slow").defaultValue("slow"));
  }

  @Override
  public RuntimeUses uses(Options options) {
    return kernels.uses(Options.none());
  }

  @Override
  public ExecutableModel load(LoadRequest request) {
    outputs.add(request.model().graph().outputs().stream().map(each -> each.name()).toList());
    return kernels.load(request.toBuilder().options(Options.none()).build());
  }
}
