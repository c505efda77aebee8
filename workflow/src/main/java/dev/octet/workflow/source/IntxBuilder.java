package dev.octet.workflow.source;

/**
 * What schemes say whose weights have 1 to 8 bits. Not thread-safe.
 *
 * @param <B> the builder of a scheme
 */
abstract class IntxBuilder<B extends IntxBuilder<B>> extends WeightBuilder<B> {
  private int weightBits = 8;
  private WeightGranularity granularity;

  IntxBuilder(WeightGranularity granularity) {
    this.granularity = granularity;
  }

  /** Sets how many bits a weight has, 1 to 8; {@code 8} by default. */
  public B weightBits(int chosen) {
    this.weightBits = chosen;
    return self();
  }

  /** Sets which weights share a scale; the class of the scheme states the default. */
  public B granularity(WeightGranularity chosen) {
    this.granularity = chosen;
    return self();
  }

  IntxWeightOnlyConfig weights() {
    return new IntxWeightOnlyConfig(
        weightBits,
        granularity,
        mappingType(),
        precision(),
        scalesPrecision(),
        paddingAllowed(),
        chooseQparamsAlgorithm());
  }
}
