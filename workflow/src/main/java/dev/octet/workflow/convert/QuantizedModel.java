package dev.octet.workflow.convert;

import dev.octet.api.graph.Model;
import java.util.Objects;

/**
 * A converted model with the report on it.
 *
 * @param model the model in QDQ form; {@link dev.octet.api.graph.Provenance} reads which plan it is
 *     from, and which rule owns each node
 * @param report what became of every node
 */
public record QuantizedModel(Model model, ConversionReport report) {

  /** Checks that no component is null. */
  public QuantizedModel {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(report, "report");
  }
}
