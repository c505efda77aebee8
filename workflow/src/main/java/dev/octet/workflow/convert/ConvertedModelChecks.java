package dev.octet.workflow.convert;

import dev.octet.api.error.NearMisses;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.Finding;
import dev.octet.workflow.plan.BackendFindings;
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
   * @param catalog where the others are found; one that is not there is a finding
   * @throws OctetException {@code OCT-REG-006} if a backend fails
   */
  public static List<Finding> of(
      Model converted, QuantizerProvider planner, QuantizerCatalog catalog) {
    QuantizerProvider guarded = QuantizerProvider.guarded(planner);
    List<Finding> findings = new ArrayList<>(checked(converted, guarded));
    for (String other : guarded.alsoRunBy()) {
      if (!other.equals(guarded.name())) {
        findings.addAll(
            catalog.names().contains(other)
                ? checked(converted, catalog.provider(other))
                : List.of(unchecked(guarded.name(), other, catalog.names())));
      }
    }
    return findings;
  }

  private static List<Finding> checked(Model converted, QuantizerProvider provider) {
    List<Finding> findings = provider.checkConverted(converted);
    BackendFindings.requireNodes(provider.name(), findings, converted.graph());
    return findings;
  }

  private static Finding unchecked(String planner, String other, List<String> names) {
    List<String> near = NearMisses.of(other, names);
    return ConversionErrors.NOT_CHECKED.about(
        "Backend '"
            + planner
            + "' says that '"
            + other
            + "' runs its files, too. There is no such backend here, and so it did not check them"
            + (near.isEmpty() ? "." : "; there is " + String.join(", ", near) + "."));
  }
}
