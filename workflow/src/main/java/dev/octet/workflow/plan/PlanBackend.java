package dev.octet.workflow.plan;

import dev.octet.api.error.OctetException;
import dev.octet.api.option.Options;
import dev.octet.api.provider.ProviderBuild;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.kernels.operators.OperatorSet;
import dev.octet.workflow.calibrate.Observers;

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
