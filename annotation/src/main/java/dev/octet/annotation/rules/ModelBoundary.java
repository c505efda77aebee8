package dev.octet.annotation.rules;

import java.util.Optional;

/**
 * How a table quantizes the inputs and outputs of the model: those that are FLOAT, and not both at
 * once. Immutable.
 *
 * @param inputs the spec of every input; empty when they stay as they are
 * @param outputs the spec of every output; empty when they stay as they are
 */
public record ModelBoundary(Optional<SpecTemplate> inputs, Optional<SpecTemplate> outputs) {

  private static final ModelBoundary NONE = new ModelBoundary(Optional.empty(), Optional.empty());

  /** Checks that the specs do not depend on a match. */
  public ModelBoundary {
    inputs.ifPresent(ModelBoundary::requireWhole);
    outputs.ifPresent(ModelBoundary::requireWhole);
  }

  /** Returns that of a table that says nothing of inputs and outputs. */
  public static ModelBoundary none() {
    return NONE;
  }

  ModelBoundary withInputs(SpecTemplate spec) {
    return new ModelBoundary(Optional.of(spec), outputs);
  }

  ModelBoundary withOutputs(SpecTemplate spec) {
    return new ModelBoundary(inputs, Optional.of(spec));
  }

  private static void requireWhole(SpecTemplate spec) {
    if (!spec.references().isEmpty() || channels(spec)) {
      throw new IllegalArgumentException(
          "inputs and outputs of the model are of no match, which " + spec + " depends on");
    }
  }

  private static boolean channels(SpecTemplate spec) {
    return spec.observed().filter(observed -> !observed.channels().isEmpty()).isPresent();
  }
}
