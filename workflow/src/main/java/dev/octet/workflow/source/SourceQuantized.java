package dev.octet.workflow.source;

import dev.octet.api.graph.Model;
import dev.octet.api.quantizer.Finding;
import dev.octet.workflow.provenance.Claims;
import dev.octet.workflow.provenance.FloatFile;
import java.util.List;
import java.util.Objects;

/**
 * A model whose linear layers were rewritten.
 *
 * @param model the model
 * @param layers what became of every MatMul, Gemm and Conv, in the order of the graph
 * @param findings what a user must know
 */
public record SourceQuantized(Model model, List<LayerOutcome> layers, List<Finding> findings) {

  /** Copies the lists. */
  public SourceQuantized {
    Objects.requireNonNull(model, "model");
    layers = List.copyOf(layers);
    findings = List.copyOf(findings);
  }

  /** Returns the model in a form, with findings about what the form drops or changes. */
  public SourceQuantized in(ModelForm form) {
    return form.of(this);
  }

  /** Returns this model with the files of the float model in its metadata. */
  public SourceQuantized from(FloatFile file) {
    return new SourceQuantized(Claims.of(model).with(file).mark(model), layers, findings);
  }

  /** Returns how many layers were quantized. */
  public long quantizedLayers() {
    return layers.stream().filter(LayerOutcome::isQuantized).count();
  }

  /** Returns the model and how much there is to say, in one line. */
  @Override
  public String toString() {
    return model + "; " + layers.size() + " layers, " + findings.size() + " findings";
  }
}
