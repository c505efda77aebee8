package dev.octet.workflow.source;

import dev.octet.api.error.OctetException;
import java.util.Objects;
import java.util.Optional;

/**
 * Another scheme, whose weights are fitted to what data gives their layers: GPTQ, as torchao's
 * configuration of this name. The data runs through the layers before with the weights that their
 * integers tell and with float activations.
 *
 * @param baseConfig what the weights become, and what becomes of activations; a scheme that is not
 *     fitted to data itself
 * @param settings how they are fitted
 */
public record GptqConfig(SourceScheme baseConfig, GptqSettings settings) implements SourceScheme {

  /** Checks that no component is null. */
  public GptqConfig {
    Objects.requireNonNull(baseConfig, "baseConfig");
    Objects.requireNonNull(settings, "settings");
    SourceErrors.sound(() -> requireIntegerZeroPoints(baseConfig), " (" + baseConfig + ")");
  }

  private static SourceScheme requireIntegerZeroPoints(SourceScheme base) {
    if (base.rule().floatZeroPoints().isPresent()) {
      throw new IllegalArgumentException("weights with float zero points are not fitted to data");
    }
    return base;
  }

  /** Starts with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public LayerRule rule() {
    return baseConfig.rule();
  }

  @Override
  public Optional<FinerLayers> finer() {
    return baseConfig.finer();
  }

  @Override
  public Optional<GptqSettings> fitting() {
    return Optional.of(settings);
  }

  /** Collects what the scheme says. Not thread-safe. */
  public static final class Builder {
    private SourceScheme baseConfig = Int8DynActInt4WeightQuantizer.builder().build();
    private double percdamp = 0.01;
    private boolean actOrder = false;
    private boolean asymmetric = false;

    private Builder() {}

    /** Sets what the weights become; {@link Int8DynActInt4WeightQuantizer} by default. */
    public Builder baseConfig(SourceScheme chosen) {
      this.baseConfig = chosen;
      return this;
    }

    /**
     * Sets what is added to the diagonal of the Hessian, as a part of its mean; 0.01 by default.
     */
    public Builder percdamp(double chosen) {
      this.percdamp = chosen;
      return this;
    }

    /** Sets whether inputs with large squares are rounded first; {@code false} by default. */
    public Builder actOrder(boolean chosen) {
      this.actOrder = chosen;
      return this;
    }

    /**
     * Sets whether a layer makes up for the errors of the layers before it; {@code false} by
     * default.
     */
    public Builder asymmetric(boolean chosen) {
      this.asymmetric = chosen;
      return this;
    }

    /**
     * Returns the scheme.
     *
     * @throws OctetException {@code OCT-SRC-004} if the damping is not finite and above 0
     */
    public GptqConfig build() {
      return new GptqConfig(
          baseConfig,
          SourceErrors.sound(() -> new GptqSettings(percdamp, actOrder, asymmetric), ""));
    }
  }

  /** Returns what becomes of weights and activations, in one line. */
  @Override
  public String toString() {
    return "GptqConfig of " + rule();
  }
}
