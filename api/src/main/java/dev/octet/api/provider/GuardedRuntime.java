package dev.octet.api.provider;

import dev.octet.api.guard.Guard;
import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.RuntimeUses;
import java.util.List;
import java.util.Optional;

/**
 * A runtime of which every call is guarded, as are those of its loaded models; it gets its options
 * checked and completed.
 */
final class GuardedRuntime implements BackendRuntime {

  private final BackendRuntime runtime;
  private final String backend;
  private final Guard guard;
  private final FirstAnswers answers;

  GuardedRuntime(BackendRuntime runtime, String backend, Guard guard) {
    this.runtime = runtime;
    this.backend = backend;
    this.guard = guard;
    this.answers = new FirstAnswers(guard);
  }

  @Override
  public List<OptionDescriptor> options() {
    return answers.same(
        "options", DistinctOptions.of(guard, runtime::options), OptionDescriptor::name);
  }

  @Override
  public Optional<String> version() {
    return guard.same("version", runtime::version);
  }

  @Override
  public RuntimeUses uses(Options options) {
    Options complete = options.resolveForRuntime(backend, options());
    RuntimeUses uses = guard.call("uses", () -> runtime.uses(complete));
    uses.rows().forEach(new DeclaredOperators(guard, "uses")::require);
    return uses;
  }

  @Override
  public ExecutableModel load(LoadRequest request) {
    Options complete = request.options().resolveForRuntime(backend, options());
    LoadRequest checked = request.toBuilder().options(complete).build();
    checked.cancellation().throwIfCancelled();
    ExecutableModel loaded = guard.call("load", () -> runtime.load(checked));
    return GuardedModel.of(loaded, checked.model().graph(), guard);
  }
}
