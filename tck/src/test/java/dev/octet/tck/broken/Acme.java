package dev.octet.tck.broken;

import dev.octet.annotation.rules.BackendRules;
import dev.octet.annotation.rules.IntegerTypes;
import dev.octet.annotation.rules.ObserverChoice;
import dev.octet.annotation.rules.RuleBackend;
import dev.octet.annotation.rules.StaticIntegerRules;
import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.provider.ApiVersion;
import dev.octet.api.provider.BuiltFor;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import dev.octet.kernels.execute.ReferenceRuntime;
import java.util.List;
import java.util.Optional;

/** A correct backend, of which each wrong one differs in one thing. */
@BuiltFor(ApiVersion.CURRENT)
public class Acme extends RuleBackend {

  /** Makes the provider. */
  public Acme() {
    super("acme", "The chip of Acme: int8 activations and int8 weights.");
  }

  @Override
  public List<OptionDescriptor> options() {
    return List.of(ObserverChoice.option());
  }

  @Override
  public BackendRules rules(Options options) {
    return StaticIntegerRules.of(
        name(),
        new IntegerTypes(
            QuantizedType.of(Storage.INT8),
            new QuantizedType(Storage.INT8, -127, 127),
            ObserverChoice.of(options)));
  }

  @Override
  public Optional<BackendRuntime> runtime() {
    return Optional.of(new ReferenceRuntime());
  }
}
