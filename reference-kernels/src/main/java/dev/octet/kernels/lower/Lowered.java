package dev.octet.kernels.lower;

import dev.octet.api.graph.Model;
import java.util.Objects;

/**
 * A model whose quantized parts compute on integers.
 *
 * @param model the model; its graph has operators of the domains com.microsoft and dev.octet
 * @param report what became of each node
 */
public record Lowered(Model model, LoweringReport report) {
  /** Checks that no component is null. */
  public Lowered {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(report, "report");
  }
}
