package dev.octet.api.quantizer;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.NameMapping;
import java.util.List;
import java.util.Set;

/**
 * Decides how a backend quantizes a graph: which operator patterns, and the specification of each
 * point.
 *
 * <p>An instance is configured by the options of its provider and is used for one graph after the
 * other. Implementations need not be thread-safe. Calls come in the order of the methods below.
 * Nothing has run when they are called, except that constants are folded; only {@link
 * #adjustParameters} comes after calibration, on an instance of which nothing else may have been
 * asked.
 */
public interface Quantizer {

  /**
   * Rewrites the graph before it is annotated: decomposes operators, lifts scalars. Optional.
   *
   * @param graph the normalised float graph
   * @return the rewritten graph with what became of replaced nodes; never null
   */
  default GraphEditor.Edited transformForAnnotation(Graph graph) {
    return new GraphEditor.Edited(graph, NameMapping.identity());
  }

  /**
   * Marks the points to be quantized and gives the reason for nodes that stay float.
   *
   * @param context the graph, what is known of its nodes, and where marks go
   */
  void annotate(AnnotationContext context);

  /**
   * Checks the annotated graph by the backend's own rules. Optional.
   *
   * @return what a user must know, in the order in which a report shows it; an error stops the plan
   */
  default List<Finding> validate(AnnotatedGraph graph) {
    return List.of();
  }

  /** Has the last word on the specs of resolved groups, before observers are made. Optional. */
  default void adjustObservers(ObserverPlan plan) {}

  /**
   * Has the last word on the parameters that calibration gave, for parameters that depend on each
   * other. Optional.
   *
   * <p>Called once at the start of each conversion, on a quantizer that the provider creates for
   * it, after the parameters of observed groups were found in the merged statistics, and before
   * those of derived groups are computed, room is made for biases, and constants are quantized. It
   * sees no data. What it sets must follow from what it is shown, so that a conversion gives the
   * same bytes whenever it is repeated; what it changes is in the findings of the report.
   */
  default void adjustParameters(ParameterPlan plan) {}

  /**
   * Returns the names of the options that may differ from node to node, in the order in which a
   * page shows them. A policy that configures another one is refused. Optional.
   */
  default Set<String> nodeOptions() {
    return Set.of();
  }
}
