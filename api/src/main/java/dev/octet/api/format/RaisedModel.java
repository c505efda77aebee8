package dev.octet.api.format;

import dev.octet.api.graph.Model;
import dev.octet.api.quantizer.Finding;
import java.util.List;
import java.util.Objects;

/**
 * A model that was raised to newer operator sets.
 *
 * @param model the model; its nodes kept their names
 * @param findings what a user must know, in the order of the model; none when nothing was raised
 */
public record RaisedModel(Model model, List<Finding> findings) {

  /** Copies the findings. */
  public RaisedModel {
    Objects.requireNonNull(model, "model");
    findings = List.copyOf(findings);
  }
}
