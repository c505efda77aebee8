package dev.octet.api.provider;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.OpType;
import dev.octet.api.guard.Guard;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.api.runtime.Exactness;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.RequantizationProfile;
import dev.octet.api.runtime.RuntimeOptions;

/** A runtime of which every call is guarded, as are those of its loaded models. */
final class GuardedRuntime implements BackendRuntime {

  private final BackendRuntime runtime;
  private final Guard guard;

  GuardedRuntime(BackendRuntime runtime, Guard guard) {
    this.runtime = runtime;
    this.guard = guard;
  }

  @Override
  public RequantizationProfile requantization() {
    return guard.call("requantization", runtime::requantization);
  }

  @Override
  public Exactness exactness(OpType op) {
    return guard.call("exactness", () -> runtime.exactness(op));
  }

  @Override
  public ExecutableModel load(Model model, RuntimeOptions options) {
    return GuardedModel.of(guard.call("load", () -> runtime.load(model, options)), guard);
  }
}
