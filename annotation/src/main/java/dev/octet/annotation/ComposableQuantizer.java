package dev.octet.annotation;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.NameMapping;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.ObserverPlan;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.spec.QuantizationSpec;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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
    return edited;
  }

  /**
   * Merges what the quantizers do, each by itself. Of the caller's policy a quantizer sees the
   * options that it names in {@link #nodeOptions}.
   *
   * @throws OctetException {@code OCT-ANN-011} if two quantizers claim one node, naming both and
   *     the points that both mark
   */
  @Override
  public void annotate(AnnotationContext context) {
    SortedMap<String, AnnotationContext> made = new TreeMap<>();
    children.forEach(
        (name, child) -> {
          AnnotationContext own = context.child(name, child.nodeOptions());
          child.annotate(own);
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
    SortedMap<Integer, Replacement> merged = new TreeMap<>();
    children.forEach(
        (name, child) -> {
          GroupReplacements own = new GroupReplacements(plan.graph(), plan.groups());
          child.adjustObservers(own);
          own.replaced().forEach((id, spec) -> add(merged, id, new Replacement(name, spec), plan));
        });
    merged.forEach((id, replacement) -> plan.replace(id, replacement.spec()));
  }

  private static void add(
      SortedMap<Integer, Replacement> merged, int id, Replacement next, ObserverPlan plan) {
    Replacement earlier = merged.putIfAbsent(id, next);
    if (earlier != null && !earlier.spec().equals(next.spec())) {
      throw AnnotationErrors.REPLACED_DIFFERENTLY
          .error(
              "quantizers '"
                  + earlier.child()
                  + "' and '"
                  + next.child()
                  + "' replace the spec of group "
                  + id
                  + " differently: "
                  + earlier.spec()
                  + " and "
                  + next.spec())
          .at(plan.groups().get(id).points().get(0).toString())
          .build();
    }
  }

  /** Returns the names of all quantizers' options for nodes, sorted by the quantizers' names. */
  @Override
  public Set<String> nodeOptions() {
    Set<String> names = new LinkedHashSet<>();
    children.values().forEach(child -> names.addAll(child.nodeOptions()));
    return names;
  }

  /** The spec that one quantizer gives a group. */
  private record Replacement(String child, QuantizationSpec spec) {}
}
