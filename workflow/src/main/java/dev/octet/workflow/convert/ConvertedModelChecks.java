package dev.octet.workflow.convert;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.Finding;
import java.util.ArrayList;
import java.util.List;

/** Asks the backends whose runtimes are to run a converted model what they make of it. */
public final class ConvertedModelChecks {

  private ConvertedModelChecks() {}

  /**
   * Returns the findings of the backend that planned a model, then those of the backends that run
   * its files as well, in the order in which it names them.
   *
   * @param converted the converted model
   * @param planner the backend that planned it
   * @param catalog where the others are found; those that are not there are passed over
   * @throws OctetException {@code OCT-REG-006} if a backend fails
   */
  public static List<Finding> of(
      Model converted, QuantizerProvider planner, QuantizerCatalog catalog) {
    QuantizerProvider guarded = QuantizerProvider.guarded(planner);
    List<Finding> findings = new ArrayList<>(guarded.checkConverted(converted));
    for (String other : guarded.alsoRunBy()) {
      if (catalog.names().contains(other) && !other.equals(guarded.name())) {
        findings.addAll(catalog.provider(other).checkConverted(converted));
      }
    }
    return findings;
  }
}
