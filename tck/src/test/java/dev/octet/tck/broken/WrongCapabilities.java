package dev.octet.tck.broken;

import dev.octet.annotation.rules.Conditions;
import dev.octet.api.graph.OpType;
import dev.octet.api.option.Options;
import dev.octet.api.provider.Capability;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Quantizer;
import java.util.List;
import java.util.function.Predicate;

/** Backends that do not do what they declare, or more. */
final class WrongCapabilities {

  private WrongCapabilities() {}

  static List<WrongBackend> all() {
    return List.of(
        new WrongBackend(
            "TCK-CAP-001",
            "declares everything and annotates nothing",
            () ->
                new Acme() {
                  @Override
                  public Quantizer create(Options options) {
                    return new Quantizer() {
                      @Override
                      public void annotate(AnnotationContext context) {}
                    };
                  }
                },
            "leaves it in float"),
        new WrongBackend(
            "TCK-CAP-002",
            "quantizes more than it declares",
            () ->
                new Acme() {
                  @Override
                  public List<Capability> capabilities(Options options) {
                    return super.capabilities(options).stream()
                        .filter(c -> c.pattern().contains(OpType.onnx("Conv")))
                        .map(WrongCapabilities::withoutBias)
                        .toList();
                  }
                },
            "does not hold and no capability declares the match"),
        new WrongBackend(
            "TCK-CAP-002",
            "quantizes an operator that no capability names",
            () -> without(capability -> capability.pattern().contains(OpType.onnx("Add"))),
            "([Add]), and no capability declares the match"),
        new WrongBackend(
            "TCK-CAP-002",
            "takes chains that are longer than what it declares",
            () -> without(capability -> capability.pattern().size() > 1),
            "([Conv, Clip]), and no capability declares the match"));
  }

  private static Acme without(Predicate<Capability> forgotten) {
    return new Acme() {
      @Override
      public List<Capability> capabilities(Options options) {
        return super.capabilities(options).stream().filter(Predicate.not(forgotten)).toList();
      }
    };
  }

  private static Capability withoutBias(Capability usual) {
    Capability.Builder narrower =
        Capability.of(usual.pattern())
            .activation(usual.activation().orElseThrow())
            .weight(usual.weight().orElseThrow(), usual.weightGranularity().orElseThrow());
    usual.conditions().forEach(c -> narrower.where(c.step(), c.condition()));
    return narrower.where(0, Conditions.absentOperand(2)).build();
  }
}
