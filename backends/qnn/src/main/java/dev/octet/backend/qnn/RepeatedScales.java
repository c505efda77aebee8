package dev.octet.backend.qnn;

import dev.octet.api.graph.Shape;
import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.DerivationContext;
import dev.octet.api.spec.DerivationKind;

/**
 * The bias of a grouped transposed convolution. Its weight, [C, M / group, ...], has one scale for
 * each output channel of a group, so that every group has the same ones: output channel {@code m}
 * has the scale of the input times that of the weight at {@code m mod (M / group)}, rounded once to
 * float32. The zero point is 0. Source: the definition of ONNX ConvTranspose.
 */
final class RepeatedScales implements DerivationKind {

  static final Derivation NAME = Derivation.named("qnn-repeated-scales");

  @Override
  public String name() {
    return NAME.name();
  }

  @Override
  public String documentation() {
    return "The scale of the input times that of the weight, whose scales repeat for each group.";
  }

  /** One for each channel of the bias. */
  @Override
  public int count(DerivationContext context) {
    return context
        .shape()
        .filter(Shape::isKnown)
        .map(shape -> Math.toIntExact(shape.sizes()[0]))
        .orElseThrow(() -> new IllegalArgumentException("the channels of the bias are not known"));
  }

  @Override
  public float scale(DerivationContext context, int index) {
    DerivationContext.Source weight = context.sources().get(1);
    return context.sources().get(0).scale(0) * weight.scale(index % weight.parameters().count());
  }
}
