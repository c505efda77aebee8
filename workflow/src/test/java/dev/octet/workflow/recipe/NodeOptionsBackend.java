package dev.octet.workflow.recipe;

import dev.octet.api.graph.Node;
import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.provider.Capability;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import java.util.List;
import java.util.Set;

/**
 * Quantizes the first operand of every Conv and Gemm, with as many bits as the node's options say.
 */
final class NodeOptionsBackend implements QuantizerProvider {

  @Override
  public String name() {
    return "acme";
  }

  @Override
  public String description() {
    return "a backend with options for single nodes";
  }

  @Override
  public List<OptionDescriptor> options() {
    return List.of(
        option("weight-bits", "8", "8", "4"),
        option("activation-bits", "8", "8", "16"),
        option("mode", "static", "static", "dynamic"));
  }

  private static OptionDescriptor option(String name, String byDefault, String... choices) {
    return OptionDescriptor.word(name, "For a test.", choices).defaultValue(byDefault);
  }

  @Override
  public List<Capability> capabilities(Options options) {
    return List.of();
  }

  @Override
  public Quantizer create(Options options) {
    Options whole = options.resolve(name(), options());
    return new Quantizer() {
      @Override
      public void annotate(AnnotationContext context) {
        for (Node node : context.nodes()) {
          if (context.isFree(node) && (node.op().is("Conv") || node.op().is("Gemm"))) {
            context.claim("layer", List.of(node));
            long bits = context.options(node).integer("weight-bits");
            context.markOperand(node, 0, spec(Storage.valueOf("INT" + bits)));
          }
        }
      }

      @Override
      public Set<String> nodeOptions() {
        return Set.of("weight-bits", "activation-bits");
      }
    };
  }

  private static QuantizationSpec spec(Storage storage) {
    return QuantizationSpec.Observed.of(QuantizedType.of(storage));
  }
}
