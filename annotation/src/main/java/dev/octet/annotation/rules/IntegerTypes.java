package dev.octet.annotation.rules;

import dev.octet.api.spec.NumericProfile;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.ScaleGrid;
import java.util.Objects;

/**
 * The integer types of a backend that quantizes activations and weights before the model runs. No
 * scale is below 2^-63, so that the product of two, by which sums of products are multiplied, is a
 * normal float32: small ranges have all their steps. Immutable.
 *
 * @param activation type of activations: affine, per tensor
 * @param weight type of constant weights: symmetric, per output channel
 * @param observer what watches activations
 */
public record IntegerTypes(QuantizedType activation, QuantizedType weight, ObserverSpec observer) {

  private static final NumericProfile ARITHMETIC = NumericProfile.onnx().withScaleFloor(0x1p-63f);

  /** Checks that no component is null. */
  public IntegerTypes {
    Objects.requireNonNull(activation, "activation");
    Objects.requireNonNull(weight, "weight");
    Objects.requireNonNull(observer, "observer");
  }

  /** Returns the spec of an activation. */
  SpecTemplate.Observed activationSpec() {
    return constantSpec().observedBy(observer);
  }

  /** Returns the spec of a constant that is no weight: its exact range, as an activation. */
  SpecTemplate.Observed constantSpec() {
    return Specs.of(activation).arithmetic(ARITHMETIC);
  }

  /** Returns the spec of a weight. */
  SpecTemplate.Observed weightSpec() {
    return Specs.of(weight).arithmetic(ARITHMETIC).symmetric().perChannel(Specs.outputChannel());
  }

  /**
   * Returns the spec of probabilities: an activation's, with scales 1/n. QLinearSoftmax computes
   * with {@code floor(1 / s)}, which must be {@code 1 / s}.
   */
  SpecTemplate.Observed probabilitySpec() {
    return activationSpec()
        .observedBy(ObserverSpec.squaredError())
        .scales(ScaleGrid.integerReciprocals());
  }
}
