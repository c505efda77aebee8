package dev.octet.tck.check;

import dev.octet.annotation.ComposableQuantizer;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.observer.ObserverKind;
import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.provider.Capability;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.runtime.CustomOperator;
import dev.octet.api.spec.DerivationKind;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.ScaleGridKind;
import dev.octet.api.spec.Storage;
import dev.octet.tck.subject.Subject;
import java.util.List;
import java.util.Map;

/**
 * The backend that is tested, as one of two that share a model: the other quantizes the nodes of
 * one operator, or nothing. What the tested one brings is there.
 *
 * @param subject the backend that is tested
 * @param quantizer the composition
 */
record ComposedBackend(Subject subject, Quantizer quantizer) implements QuantizerProvider {

  /** The rule of the other one. */
  static final String RULE = "tck-other";

  /** Names of the other one, before and behind every name that a backend may have. */
  static final List<String> NAMES = List.of("!tck", "~tck");

  /** A quantizer that claims nothing. */
  static Quantizer idle() {
    return context -> {};
  }

  /** A quantizer that claims the nodes of one operator. */
  static Quantizer other(OpType op) {
    QuantizationSpec spec = QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT8));
    return context -> {
      for (Node node : context.nodes()) {
        if (node.op().equals(op) && context.isFree(node)) {
          claim(context, node, spec);
        }
      }
    };
  }

  private static void claim(AnnotationContext context, Node node, QuantizationSpec spec) {
    context.claim(RULE, List.of(node));
    context.markOperand(node, 0, spec);
    context.markResult(node, 0, spec);
  }

  /**
   * Composes two quantizers.
   *
   * @param tested in the place of the tested backend's
   * @param name the name of the other one
   */
  static ComposedBackend of(Subject subject, Quantizer tested, String name, Quantizer other) {
    return new ComposedBackend(
        subject, ComposableQuantizer.of(Map.of(subject.provider().name(), tested, name, other)));
  }

  @Override
  public String name() {
    return "tck-composed";
  }

  @Override
  public String description() {
    return "Two backends on one model.";
  }

  @Override
  public List<OptionDescriptor> options() {
    return subject.provider().options();
  }

  @Override
  public List<Capability> capabilities(Options options) {
    return List.of();
  }

  @Override
  public Quantizer create(Options options) {
    return quantizer;
  }

  @Override
  public List<ObserverKind> observers() {
    return subject.provider().observers();
  }

  @Override
  public List<ScaleGridKind> scaleGrids() {
    return subject.provider().scaleGrids();
  }

  @Override
  public List<DerivationKind> derivations() {
    return subject.provider().derivations();
  }

  @Override
  public List<CustomOperator> operators() {
    return subject.provider().operators();
  }
}
