package dev.octet.workflow.source;

import dev.octet.api.error.OctetException;
import dev.octet.kernels.quantize.FloatPrecision;
import dev.octet.kernels.quantize.RoundedRule;
import dev.octet.kernels.quantize.RoundedRule.Mapping;
import java.util.Optional;

/**
 * The best that is known at no more bytes than {@link Int8DynActInt4WeightQuantizer} with padding
 * and the same group size takes for weights and scales; the activations are those of that scheme.
 *
 * <p>Weights have 4 bits and are asymmetric, and scales are stored as float16, which takes less;
 * what is left over pays for groups of half the size in those layers where a byte buys most. Scales
 * are searched by squared error, and weights are fitted to data by GPTQ, each layer making up for
 * the errors of those before it.
 *
 * @param groupSize how many neighbouring inputs share a scale where groups are not halved; an even
 *     number
 */
public record Int8DynActBestWeightQuantizer(int groupSize) implements SourceScheme {

  private static final int SMALLEST_GROUP = 4;

  /**
   * Checks the group size.
   *
   * @throws OctetException {@code OCT-SRC-004} if it is odd, or below 4
   */
  public Int8DynActBestWeightQuantizer(int groupSize) {
    this.groupSize = groupSize;
    SourceErrors.requireSound(this);
  }

  /** Starts with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public LayerRule rule() {
    if (groupSize < SMALLEST_GROUP || groupSize % 2 != 0) {
      throw new IllegalArgumentException(
          "groups of " + groupSize + " cannot be halved into groups of 2 or more");
    }
    return searched(groupSize);
  }

  private LayerRule searched(int size) {
    LayerRule int4 = plain();
    RoundedRule weights =
        new RoundedRule(
            int4.weights().min(),
            int4.weights().max(),
            Mapping.ASYMMETRIC,
            FloatPrecision.FLOAT32,
            FloatPrecision.FLOAT16,
            int4.weights().floor(),
            int4.weights().order());
    return new LayerRule(
        weights,
        WeightGranularity.perGroup(size),
        ScaleAlgorithm.SQUARED_ERROR,
        Optional.empty(),
        true,
        int4.activations());
  }

  private LayerRule plain() {
    return Int8DynActInt4WeightQuantizer.builder()
        .groupSize(groupSize)
        .paddingAllowed(true)
        .build()
        .rule();
  }

  @Override
  public Optional<FinerLayers> finer() {
    return Optional.of(new FinerLayers(searched(groupSize / 2), plain()));
  }

  @Override
  public Optional<GptqSettings> fitting() {
    return Optional.of(new GptqSettings(0.01, false, true));
  }

  /** Collects what the scheme says. Not thread-safe. */
  public static final class Builder {
    private int groupSize = 32;

    private Builder() {}

    /** Sets how many neighbouring inputs share a scale; {@code 32} by default. */
    public Builder groupSize(int chosen) {
      this.groupSize = chosen;
      return this;
    }

    /**
     * Returns the scheme.
     *
     * @throws OctetException {@code OCT-SRC-004} if the group size is odd, or below 4
     */
    public Int8DynActBestWeightQuantizer build() {
      return new Int8DynActBestWeightQuantizer(groupSize);
    }
  }
}
