package dev.octet.workflow.normalise;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.NameMapping;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A model in the form that quantizers see.
 *
 * @param model the normalised model, with the types of all values that could be inferred
 * @param mapping what became of the nodes that are gone
 * @param folded the nodes that are gone, in the order of the user's model
 * @param refusals why a node that could have been folded was not, by its name
 */
public record NormalisedModel(
    Model model, NameMapping mapping, List<FoldedNode> folded, Map<String, String> refusals) {

  /** Copies the collections, keeping their order. */
  public NormalisedModel {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(mapping, "mapping");
    folded = List.copyOf(folded);
    refusals = Collections.unmodifiableMap(new LinkedHashMap<>(refusals));
  }
}
