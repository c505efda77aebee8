package dev.octet.workflow.convert;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

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
   * @throws OctetException {@code OCT-CONV-013} if a backend fails
   */
  public static List<Finding> of(
      Model converted, QuantizerProvider planner, QuantizerCatalog catalog) {
    List<Finding> findings = new ArrayList<>(findings(converted, planner));
    for (String other : guarded(planner, () -> List.copyOf(planner.alsoRunBy()))) {
      if (catalog.names().contains(other) && !other.equals(planner.name())) {
        findings.addAll(findings(converted, catalog.provider(other)));
      }
    }
    return findings;
  }

  private static List<Finding> findings(Model converted, QuantizerProvider provider) {
    return guarded(provider, () -> List.copyOf(provider.checkConverted(converted)));
  }

  private static <T> T guarded(QuantizerProvider provider, Supplier<T> call) {
    try {
      return call.get();
    } catch (OctetException e) {
      throw e;
    } catch (RuntimeException | LinkageError e) {
      throw OctetException.backend(
              "OCT-CONV-013",
              "backend '" + provider.name() + "' failed to check the converted model: " + e)
          .cause(e)
          .next("Report it to the backend's vendor.");
    }
  }
}
