package dev.octet.annotation;

import dev.octet.annotation.resolve.GroupReplacements;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.NameMapping;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.ObserverPlan;
import dev.octet.api.quantizer.ParameterPlan;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizationSpec;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Several quantizers on one graph, each for its own nodes.
 *
 * <p>No quantizer comes first. Each one annotates as if it were alone: it does not see what the
 * others claim, so that asking {@link AnnotationContext#isFree} gives none of them an advantage.
 * What they did is merged afterwards, and two that claim one node are an error that names both. A
 * node that one of them claims is quantized, whatever reasons the others give; a node that none
 * claims has the reasons of all. What cannot be merged without an order, the rewriting of the graph
 * and lists that a report shows, goes by the names of the quantizers, so that the order in which
 * they are given never matters.
 *
 * <p>As thread-safe as its children.
 */
public final class ComposableQuantizer implements Quantizer {

  private final SortedMap<String, Quantizer> children;

  private ComposableQuantizer(SortedMap<String, Quantizer> children) {
    this.children = children;
  }

  /**
   * Composes quantizers.
   *
   * @param children the quantizers by the names that messages give them; the order of the map does
   *     not matter
   * @throws IllegalArgumentException if there is none
   */
  public static ComposableQuantizer of(Map<String, ? extends Quantizer> children) {
    if (children.isEmpty()) {
      throw new IllegalArgumentException("there is no quantizer to compose");
    }
    return new ComposableQuantizer(new TreeMap<>(Map.copyOf(children)));
  }

  /**
   * Lets the quantizers rewrite the graph one after the other, sorted by their names; each gets
   * what the one before it made.
   */
  @Override
  public GraphEditor.Edited transformForAnnotation(Graph graph) {
    GraphEditor.Edited edited = new GraphEditor.Edited(graph, NameMapping.identity());
    for (Quantizer child : children.values()) {
      GraphEditor.Edited next = child.transformForAnnotation(edited.graph());
      edited = new GraphEditor.Edited(next.graph(), edited.mapping().then(next.mapping()));
    }
    return new GraphEditor.Edited(edited.graph(), ofNodes(graph, edited.mapping()));
  }

  /** What one child brings and the next replaces is none of the graph's. */
  private static NameMapping ofNodes(Graph graph, NameMapping mapping) {
    SortedMap<String, List<String>> own = new TreeMap<>();
    for (Node node : graph.nodesWithSubgraphs()) {
      List<String> now = mapping.replaced().get(node.name());
      if (now != null) {
        own.put(node.name(), now);
      }
    }
    return new NameMapping(own);
  }

  /**
   * Merges what the quantizers do, each by itself. Of the caller's policy a quantizer sees the
   * options that it names in {@link #nodeOptions}.
   *
   * @throws OctetException {@code OCT-ANN-011} if two quantizers claim one node, naming both and
   *     the points that both mark; {@code OCT-ANN-014} if two mark one input or output differently
   */
  @Override
  public void annotate(AnnotationContext context) {
    SortedMap<String, AnnotationContext> made = new TreeMap<>();
    children.forEach(
        (name, child) -> {
          AnnotationContext own = context.child(name, child.nodeOptions());
          child.annotate(own);
          own.close();
          made.put(name, own);
        });
    new AnnotationMerge(made).into(context);
  }

  /** Returns what the quantizers find, sorted by their names; equal findings once. */
  @Override
  public List<Finding> validate(AnnotatedGraph graph) {
    Set<Finding> findings = new LinkedHashSet<>();
    children.values().forEach(child -> findings.addAll(child.validate(graph)));
    return new ArrayList<>(findings);
  }

  /**
   * Merges what the quantizers replace, each by itself.
   *
   * @throws OctetException {@code OCT-ANN-012} if two quantizers give a group different specs,
   *     naming both and the group's first point
   */
  @Override
  public void adjustObservers(ObserverPlan plan) {
    SortedMap<Integer, Given<QuantizationSpec>> merged = new TreeMap<>();
    children.forEach(
        (name, child) -> {
          GroupReplacements own = new GroupReplacements(plan.graph(), plan.groups());
          child.adjustObservers(own);
          own.replaced()
              .forEach(
                  (id, spec) ->
                      conflict("replace the spec", merged, id, new Given<>(name, spec))
                          .ifPresent(
                              c -> replacedDifferently(c, plan.groups().get(id).points().get(0))));
        });
    merged.forEach((id, given) -> plan.replace(id, given.value()));
  }

  /**
   * Merges what the quantizers set, each by itself.
   *
   * @throws OctetException {@code OCT-ANN-013} if two quantizers set a group to different
   *     parameters, naming both; as {@link ParameterPlan#set}
   */
  @Override
  public void adjustParameters(ParameterPlan plan) {
    SortedMap<Integer, Given<QuantizationParameters>> merged = new TreeMap<>();
    children.forEach(
        (name, child) -> {
          GroupAdjustments own = new GroupAdjustments(plan);
          child.adjustParameters(own);
          own.adjusted()
              .forEach(
                  (id, set) ->
                      conflict("set the parameters", merged, id, new Given<>(name, set))
                          .ifPresent(ComposableQuantizer::setDifferently));
        });
    merged.forEach((id, given) -> plan.set(id, given.value()));
  }

  /**
   * Adds what a quantizer gives a group.
   *
   * @param what what it gives, for messages
   * @return how it differs from what another one gave; empty when it does not
   */
  private static <T> Optional<String> conflict(
      String what, SortedMap<Integer, Given<T>> merged, int id, Given<T> next) {
    Given<T> earlier = merged.putIfAbsent(id, next);
    if (earlier == null || earlier.value().equals(next.value())) {
      return Optional.empty();
    }
    return Optional.of(
        "quantizers '"
            + earlier.child()
            + "' and '"
            + next.child()
            + "' "
            + what
            + " of group "
            + id
            + " differently: "
            + earlier.value()
            + " and "
            + next.value());
  }

  private static void replacedDifferently(String conflict, Point first) {
    throw AnnotationErrors.REPLACED_DIFFERENTLY.error(conflict).at(first.toString()).build();
  }

  private static void setDifferently(String conflict) {
    throw AnnotationErrors.SET_DIFFERENTLY.error(conflict).build();
  }

  /** Returns the names of all quantizers' options for nodes, sorted by the quantizers' names. */
  @Override
  public Set<String> nodeOptions() {
    Set<String> names = new LinkedHashSet<>();
    children.values().forEach(child -> names.addAll(child.nodeOptions()));
    return names;
  }

  /** What one quantizer gives a group. */
  private record Given<T>(String child, T value) {}
}
