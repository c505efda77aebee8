package dev.octet.api.provider;

import dev.octet.api.guard.Guard;
import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.RuntimeUses;
import java.util.List;

/**
 * A runtime of which every call is guarded, as are those of its loaded models; it gets its options
 * checked and completed.
 */
final class GuardedRuntime implements BackendRuntime {

  private final BackendRuntime runtime;
  private final String backend;
  private final Guard guard;

  GuardedRuntime(BackendRuntime runtime, String backend, Guard guard) {
    this.runtime = runtime;
    this.backend = backend;
    this.guard = guard;
  }

  @Override
  public List<OptionDescriptor> options() {
    return DistinctOptions.of(guard, runtime::options);
  }

  @Override
  public RuntimeUses uses(Options options) {
    Options complete = options.resolveForRuntime(backend, options());
    return guard.call("uses", () -> runtime.uses(complete));
  }

  @Override
  public ExecutableModel load(LoadRequest request) {
    Options complete = request.options().resolveForRuntime(backend, options());
    LoadRequest checked = request.toBuilder().options(complete).build();
    checked.cancellation().throwIfCancelled();
    return GuardedModel.of(guard.call("load", () -> runtime.load(checked)), guard);
  }
}
