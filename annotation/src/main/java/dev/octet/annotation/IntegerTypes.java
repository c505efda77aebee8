package dev.octet.annotation;

import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Scheme;
import java.util.Objects;

/**
 * The integer types of a backend that quantizes activations and weights before the model runs.
 *
 * @param activation type of activations: affine, per tensor
 * @param weight type of constant weights: symmetric, per output channel
 * @param observer what watches activations
 */
public record IntegerTypes(QuantizedType activation, QuantizedType weight, ObserverSpec observer) {

  /** Checks that no component is null. */
  public IntegerTypes {
    Objects.requireNonNull(activation, "activation");
    Objects.requireNonNull(weight, "weight");
    Objects.requireNonNull(observer, "observer");
  }

  /** Returns the spec of an activation. */
  QuantizationSpec activationSpec() {
    return new QuantizationSpec.Observed(
        activation, Scheme.affine(), new Granularity.PerTensor(), observer, Mode.STATIC);
  }

  /** Returns the spec of a constant that is no weight: its exact range, as an activation. */
  QuantizationSpec constantSpec() {
    return new QuantizationSpec.Observed(
        activation,
        Scheme.affine(),
        new Granularity.PerTensor(),
        ObserverSpec.minMax(),
        Mode.STATIC);
  }

  /** Returns the spec of a weight whose output channels run along an axis. */
  QuantizationSpec weightSpec(int axis) {
    return new QuantizationSpec.Observed(
        weight,
        Scheme.symmetric(),
        new Granularity.PerChannel(axis),
        ObserverSpec.minMax(),
        Mode.STATIC);
  }

  /**
   * Returns the spec of a result that lies in [0, 1): scale 1/256, zero point at the bottom of the
   * range.
   */
  QuantizationSpec unitIntervalSpec() {
    return new QuantizationSpec.Fixed(activation, 1f / 256, activation.min());
  }
}
