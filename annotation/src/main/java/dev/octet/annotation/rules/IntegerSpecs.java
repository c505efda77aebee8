package dev.octet.annotation.rules;

/**
 * The specs of {@link IntegerTypes}. Immutable.
 *
 * @param activation of an activation
 * @param exactRange an activation's, for the exact range whatever observes others: of a constant
 *     that is no weight, and of results that gather at the ends of their range, which searches cut
 * @param weight of a weight
 * @param probability of probabilities: an activation's, with scales 1/n. QLinearSoftmax computes
 *     with {@code floor(1 / s)}, which must be {@code 1 / s}
 */
record IntegerSpecs(
    SpecTemplate.Observed activation,
    SpecTemplate.Observed exactRange,
    SpecTemplate.Observed weight,
    SpecTemplate.Observed probability) {}
