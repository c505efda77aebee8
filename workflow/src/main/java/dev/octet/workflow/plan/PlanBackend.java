package dev.octet.workflow.plan;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.OpType;
import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.provider.Capability;
import dev.octet.api.provider.ProviderBuild;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.kernels.operators.OperatorSet;
import dev.octet.workflow.calibrate.Observers;
import java.util.List;
import java.util.Optional;

/**
 * A backend with its options, as far as the steps after planning ask for it. Immutable, and
 * thread-safe as providers are.
 */
public final class PlanBackend {

  private final QuantizerProvider provider;
  private final Options options;
  private final Observers observers;

  private PlanBackend(QuantizerProvider provider, Options options) {
    this.provider = provider;
    this.options = options;
    this.observers = Observers.standard().with(provider);
  }

  /**
   * Takes a backend.
   *
   * @param provider the backend; its calls are guarded
   * @param options its own options, without those of the framework
   * @throws OctetException as {@link Observers#with}
   */
  public static PlanBackend of(QuantizerProvider provider, Options options) {
    return new PlanBackend(QuantizerProvider.guarded(provider), options);
  }

  /** Returns the backend's name. */
  public String name() {
    return provider.name();
  }

  /** Returns Octet's observers, grids and derivations, and those that the backend brings. */
  public Observers observers() {
    return observers;
  }

  /**
   * Returns Octet's operators and those that the backend brings.
   *
   * @throws OctetException as {@link QuantizerProvider#operators}
   */
  public OperatorSet operators() {
    return OperatorSet.with(provider.operators());
  }

  /** Tells whether ranges of logits are cut; see {@link QuantizerProvider#cutsLogits}. */
  public boolean cutsLogits() {
    return provider.cutsLogits();
  }

  /** Returns which build of the backend this is. */
  public ProviderBuild build() {
    return ProviderBuild.of(provider);
  }

  /**
   * Creates a quantizer with the options.
   *
   * @throws OctetException as {@link QuantizerProvider#create}
   */
  public Quantizer quantizer() {
    return provider.create(options);
  }

  /**
   * Returns an option, as {@code name=value}, with which the backend gives the results of an
   * operator integers of some bits; empty where no choice of one of its options does.
   *
   * @param op the operator
   * @param bits how many bits
   */
  public Optional<String> optionForBits(OpType op, int bits) {
    for (OptionDescriptor option : provider.options()) {
      for (String choice : option.choices()) {
        Options other = options.overriddenBy(Options.of(option.name(), choice));
        if (provider.capabilities(other).stream().anyMatch(c -> gives(c, op, bits))) {
          return Optional.of(option.name() + "=" + choice);
        }
      }
    }
    return Optional.empty();
  }

  private static boolean gives(Capability capability, OpType op, int bits) {
    return capability.pattern().equals(List.of(op))
        && capability.result().filter(result -> result.type().storage().bits() == bits).isPresent();
  }

  /**
   * Returns this backend with observers, grids and derivations that it gives anew, so that what one
   * of them kept of its last use does not count.
   *
   * @throws OctetException as {@link Observers#with}
   */
  public PlanBackend anew() {
    return new PlanBackend(provider, options);
  }

  /** Returns name and options. */
  @Override
  public String toString() {
    return "backend '" + provider.name() + "' with " + options;
  }
}
