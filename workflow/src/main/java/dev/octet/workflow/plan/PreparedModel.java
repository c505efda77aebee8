package dev.octet.workflow.plan;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.NameMapping;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.runtime.Cancellation;
import dev.octet.kernels.infer.ShapeInference;
import dev.octet.kernels.operators.OperatorSet;
import dev.octet.workflow.normalise.FoldedNode;
import dev.octet.workflow.normalise.NormalisedModel;
import dev.octet.workflow.normalise.Normaliser;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A user's model and the float model whose points are planned: normalised, then rewritten by the
 * backend.
 *
 * @param original the user's model
 * @param model the float model whose points are planned; calibration runs it
 * @param mapping what became of the nodes of the user's model
 * @param folded the nodes of the user's model that are gone, in its order
 * @param refusals why nodes that could have been folded were not, by node name
 * @param modelHash the content hash of the user's model
 * @param preparedHash the content hash of {@code model}
 */
public record PreparedModel(
    Model original,
    Model model,
    NameMapping mapping,
    List<FoldedNode> folded,
    Map<String, String> refusals,
    String modelHash,
    String preparedHash) {

  /** Copies the collections, keeping their order. */
  public PreparedModel {
    Objects.requireNonNull(original, "original");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(mapping, "mapping");
    folded = List.copyOf(folded);
    refusals = Collections.unmodifiableMap(new LinkedHashMap<>(refusals));
    Objects.requireNonNull(modelHash, "modelHash");
    Objects.requireNonNull(preparedHash, "preparedHash");
  }

  /**
   * Prepares a model of Octet's own operators; see {@link #of(Model, Quantizer, OperatorSet,
   * Cancellation)}.
   */
  public static PreparedModel of(Model original, Quantizer quantizer, Cancellation cancellation) {
    return of(original, quantizer, OperatorSet.standard(), cancellation);
  }

  /**
   * Prepares a model. The same model and quantizer give the same result.
   *
   * @param operators the operators that there are
   * @param cancellation asked between nodes
   * @throws OctetException {@code OCT-RUN-007} if it is cancelled; {@code OCT-PLAN-013} if the
   *     quantizer's rewriting changes the inputs or outputs of the graph
   */
  public static PreparedModel of(
      Model original, Quantizer quantizer, OperatorSet operators, Cancellation cancellation) {
    NormalisedModel normalised = Normaliser.normalise(original, operators, cancellation);
    Graph graph = normalised.model().graph();
    GraphEditor.Edited rewritten = quantizer.transformForAnnotation(graph);
    requireSameSignature(graph, rewritten.graph());
    Model changed = normalised.model().withGraph(rewritten.graph());
    Model model =
        rewritten.graph() == graph
            ? changed
            : changed.withGraph(ShapeInference.infer(changed, operators));
    NameMapping mapping = normalised.mapping().then(rewritten.mapping());
    return new PreparedModel(
        original,
        model,
        mapping,
        folded(original.graph(), model.graph(), normalised.folded(), mapping),
        normalised.refusals(),
        ModelHash.of(original),
        ModelHash.of(model));
  }

  private static List<FoldedNode> folded(
      Graph original, Graph now, List<FoldedNode> normalised, NameMapping mapping) {
    Map<String, String> words = new HashMap<>();
    normalised.forEach(node -> words.put(node.name(), node.became()));
    Predicate<String> present = presentIn(now);
    List<FoldedNode> folded = new ArrayList<>();
    for (Node node : original.nodesWithSubgraphs()) {
      if (!present.test(node.name())) {
        List<String> into = mapping.currentNames(node.name()).stream().filter(present).toList();
        String became = words.getOrDefault(node.name(), replacedBy(into));
        folded.add(new FoldedNode(node.name(), node.op(), into, became));
      }
    }
    return folded;
  }

  /** Returns which names are those of nodes of a graph or of its subgraphs. */
  private static Predicate<String> presentIn(Graph graph) {
    Set<String> inner = new HashSet<>();
    graph.nodes().stream()
        .flatMap(node -> node.subgraphs().stream())
        .forEach(within -> within.nodesWithSubgraphs().forEach(node -> inner.add(node.name())));
    return name -> graph.node(name).isPresent() || inner.contains(name);
  }

  private static String replacedBy(List<String> into) {
    return into.isEmpty()
        ? "removed by the backend"
        : "replaced by '" + String.join("', '", into) + "'";
  }

  private static void requireSameSignature(Graph before, Graph after) {
    if (!names(before.inputs()).equals(names(after.inputs()))
        || !names(before.outputs()).equals(names(after.outputs()))) {
      throw PlanErrors.INTERFACE_CHANGED
          .error(
              "the backend's rewriting changes the inputs or outputs of the graph from "
                  + names(before.inputs())
                  + " -> "
                  + names(before.outputs())
                  + " to "
                  + names(after.inputs())
                  + " -> "
                  + names(after.outputs()))
          .build();
    }
  }

  private static List<String> names(List<ValueInfo> values) {
    return values.stream().map(ValueInfo::name).toList();
  }

  /** Returns what is in the model, in one line. */
  @Override
  public String toString() {
    return "prepared " + model;
  }
}
