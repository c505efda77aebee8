package dev.octet.tck.subject;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.NameMapping;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.quantizer.Quantizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a backend made of a model before it annotated it. Immutable.
 *
 * @param name tells it from the others of the backend
 * @param plain the name of the model without the change that makes a variant of it
 * @param variant what was changed in the model; empty when nothing was
 * @param before the model
 * @param edited what came of it; empty when the backend failed
 * @param failure why the backend failed; empty when it did not
 */
public record Rewriting(
    String name,
    String plain,
    String variant,
    Model before,
    Optional<GraphEditor.Edited> edited,
    Optional<String> failure) {

  /** Checks that nothing is null. */
  public Rewriting {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(before, "before");
  }

  /** Lets a quantizer rewrite a model. */
  static Rewriting of(String plain, String variant, Model before, Quantizer quantizer) {
    String name = variant.isEmpty() ? plain : plain + "/" + variant;
    try {
      GraphEditor.Edited edited = quantizer.transformForAnnotation(before.graph());
      return new Rewriting(name, plain, variant, before, Optional.of(edited), Optional.empty());
    } catch (OctetException e) {
      return new Rewriting(name, plain, variant, before, Optional.empty(), Optional.of(e.fact()));
    }
  }

  /** Tells whether the backend changed the model, or failed to. */
  public boolean isChange() {
    return edited.isEmpty()
        || !edited.get().mapping().equals(NameMapping.identity())
        || !same(before.graph(), edited.get().graph());
  }

  /**
   * Returns the rewritten graph.
   *
   * @throws java.util.NoSuchElementException if the backend failed
   */
  public Graph after() {
    return edited.orElseThrow().graph();
  }

  /** Tells whether two graphs have the same ends, constants and nodes, those of bodies included. */
  public static boolean same(Graph a, Graph b) {
    return a == b
        || (ends(a.inputs()).equals(ends(b.inputs()))
            && ends(a.outputs()).equals(ends(b.outputs()))
            && a.initializers().equals(b.initializers())
            && samePairs(a.nodes(), b.nodes(), Rewriting::same));
  }

  /** Returns names and types, without what a format keeps beside them. */
  public static List<String> ends(List<ValueInfo> values) {
    return values.stream().map(value -> value.name() + ": " + value.type()).toList();
  }

  private static boolean same(Node a, Node b) {
    return a.name().equals(b.name())
        && a.op().equals(b.op())
        && a.operands().equals(b.operands())
        && a.results().equals(b.results())
        && samePairs(
            new ArrayList<>(a.attributes().values()),
            new ArrayList<>(b.attributes().values()),
            Rewriting::same);
  }

  private static boolean same(Attribute a, Attribute b) {
    List<Graph> graphs = a.value().graphs();
    return a.name().equals(b.name())
        && (graphs.isEmpty()
            ? a.value().equals(b.value())
            : samePairs(graphs, b.value().graphs(), Rewriting::same));
  }

  private interface Pair<T> {
    boolean isSame(T a, T b);
  }

  private static <T> boolean samePairs(List<T> a, List<T> b, Pair<T> pair) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!pair.isSame(a.get(i), b.get(i))) {
        return false;
      }
    }
    return true;
  }
}
