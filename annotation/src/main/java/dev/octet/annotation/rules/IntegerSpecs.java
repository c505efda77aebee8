package dev.octet.annotation.rules;

/**
 * The specs of {@link IntegerTypes}. Immutable.
 *
 * @param activation of an activation
 * @param constant of a constant that is no weight: its exact range, as an activation
 * @param weight of a weight
 * @param probability of probabilities: an activation's, with scales 1/n. QLinearSoftmax computes
 *     with {@code floor(1 / s)}, which must be {@code 1 / s}
 */
record IntegerSpecs(
    SpecTemplate.Observed activation,
    SpecTemplate.Observed constant,
    SpecTemplate.Observed weight,
    SpecTemplate.Observed probability) {}
