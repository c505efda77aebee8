package dev.octet.backend.arm;

import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.DerivationContext;
import dev.octet.api.spec.DerivationKind;
import dev.octet.api.spec.QuantizedType;

/**
 * The bias of 16-bit activations: its scale is that of the input times that of the weight, rounded
 * once to float32, and the zero point 0. TOSAQuantizer annotates it as int32; TOSA sums 16-bit
 * activations in 48 bits, so that it is stored as int64 within them. Source: TOSA 1.0, CONV2D of
 * i16 with an i48 bias.
 */
final class WideBias implements DerivationKind {

  static final Derivation NAME = Derivation.named("arm-wide-bias");

  @Override
  public String name() {
    return NAME.name();
  }

  @Override
  public String documentation() {
    return "The scale of the input times that of the weight; stored as int64 within 48 bits.";
  }

  @Override
  public int count(DerivationContext context) {
    return context.sources().get(1).parameters().count();
  }

  @Override
  public float scale(DerivationContext context, int index) {
    return context.sources().get(0).scale(0) * context.sources().get(1).scale(index);
  }

  @Override
  public QuantizedType storedType(DerivationContext context) {
    return QuantizedType.int48();
  }
}
