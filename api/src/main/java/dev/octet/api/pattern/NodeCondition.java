package dev.octet.api.pattern;

import dev.octet.api.graph.Graph;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Something that must hold for a node in a step's place: of rules, of capabilities, of whatever
 * speaks of patterns. Conditions are immutable, pure, and made by factories: those of Octet by
 * {@code dev.octet.annotation.rules.Conditions}, a vendor's own by {@link #of}. They are not to be
 * implemented elsewhere.
 */
public interface NodeCondition {

  /**
   * Returns the stable word for the kind of condition in files, such as {@code constant-operand}; a
   * vendor's own has a dot in it.
   */
  String id();

  /** Returns the condition in words, such as {@code operand 1 is constant}. */
  String words();

  /** Returns why the condition does not hold for a node, in plain words; empty when it holds. */
  Optional<String> failure(PlacedNode node);

  /** Tells whether the outcome depends on what other matches have quantized. */
  default boolean dependsOnMarks() {
    return false;
  }

  /** Returns the conditions that it is made of; empty for one that stands on its own. */
  default List<NodeCondition> parts() {
    return List.of();
  }

  /** Returns a node that meets it; empty unless it is a vendor's own. */
  default Optional<NodeView> example() {
    return Optional.empty();
  }

  /**
   * Makes a condition of a vendor's own. In a table that is written as a tree it is its id alone:
   * whoever reads the table brings the condition.
   *
   * @param id the vendor's name, a dot, and a name: {@code acme.aligned-rows}
   * @param words the condition in words that follow "not:" as well, such as {@code rows of the
   *     weight fill whole lines}
   * @param holds tells whether it holds; pure: the answer depends on nothing but the view
   * @param example a node that meets the condition, of a graph that {@link NodeView#of(Graph,
   *     String)} or {@link NodeView#example} looks at
   * @throws IllegalArgumentException if the id has another form, or the example does not meet the
   *     condition
   */
  static NodeCondition of(String id, String words, Predicate<NodeView> holds, NodeView example) {
    return new OwnCondition(id, words, holds, example);
  }
}
