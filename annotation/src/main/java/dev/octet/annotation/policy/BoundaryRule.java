package dev.octet.annotation.policy;

import dev.octet.api.error.NearMisses;
import dev.octet.api.graph.Point;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a policy says of inputs or outputs of the model: that they stay float, or become integers.
 * Of several rules that select one, the last counts. Immutable.
 *
 * @param side inputs or outputs
 * @param glob a glob for their names, see {@link Selector}
 * @param form what they become
 * @param source where the rule was written, such as {@code recipe.yaml, line 4}; empty when it was
 *     made in code
 */
public record BoundaryRule(Point.Side side, String glob, Form form, Optional<String> source) {

  static final String NO_OPTIONS = "an input or output has no options of its own";

  /** What an input or output becomes. */
  public enum Form {
    /** It stays float, whatever the backend says. */
    FLOAT,
    /**
     * Integers: those that the backend asks for; where it asks for none, with the parameters of the
     * first quantized point that reads or defines the value.
     */
    INTEGERS
  }

  /**
   * Checks that it is about inputs or outputs.
   *
   * @throws dev.octet.api.error.OctetException {@code OCT-POL-009} if the pattern is empty
   */
  public BoundaryRule {
    Objects.requireNonNull(form, "form");
    Objects.requireNonNull(source, "source");
    if (!side.isBoundary()) {
      throw new IllegalArgumentException(side + " is a list of nodes, not of the model");
    }
    PolicyErrors.requireText(word(side), glob);
  }

  /** Returns a rule that was made in code. */
  public static BoundaryRule of(Point.Side side, String glob, Form form) {
    return new BoundaryRule(side, glob, form, Optional.empty());
  }

  /**
   * Returns the rule in words, with the source where there is one, such as {@code input 'image*'
   * (option exclude)}.
   */
  public String words() {
    return word(side) + " '" + glob + "'" + source.map(s -> " (" + s + ")").orElse("");
  }

  /**
   * Returns the inputs or outputs that the rule selects.
   *
   * @throws dev.octet.api.error.OctetException {@code OCT-POL-001} if it selects none, with the
   *     names nearest to it
   */
  List<Point> selected(List<Point> boundary) {
    Glob pattern = new Glob(glob);
    List<Point> ofSide = boundary.stream().filter(at -> at.side() == side).toList();
    List<Point> selected = ofSide.stream().filter(at -> pattern.matches(at.name())).toList();
    if (selected.isEmpty()) {
      throw PolicyErrors.noMatch("no " + word(side) + "'s name matches '" + glob + "'", words())
          .candidates(NearMisses.of(glob, ofSide.stream().map(Point::name).toList()))
          .next("Correct the pattern; octet inspect lists the inputs and outputs of a model.");
    }
    return selected;
  }

  private static String word(Point.Side side) {
    return side == Point.Side.INPUT ? "input" : "output";
  }
}
