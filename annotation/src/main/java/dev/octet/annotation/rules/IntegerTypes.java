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

  /** Returns what is marked with these types. */
  IntegerSpecs specs() {
    SpecTemplate.Observed exactRange = Specs.of(activation).arithmetic(ARITHMETIC);
    SpecTemplate.Observed observed = exactRange.observedBy(observer);
    return new IntegerSpecs(
        observed,
        exactRange,
        Specs.of(weight).arithmetic(ARITHMETIC).symmetric().perChannel(Specs.outputChannel()),
        observed.observedBy(ObserverSpec.squaredError()).scales(ScaleGrid.integerReciprocals()));
  }
}
