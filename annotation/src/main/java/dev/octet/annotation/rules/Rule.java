package dev.octet.annotation.rules;

import dev.octet.api.provider.Capability;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A rule of a backend: a pattern, and how the points of a match are quantized. Immutable.
 *
 * @param name the rule's name, as plans show it
 * @param pattern which nodes
 * @param marks the points, at least one
 * @param unshared marked points that do not share parameters just because specs are equal
 * @param examples models in which the rule takes nodes; they are no part of a rule's tree
 */
public record Rule(
    String name,
    NodePattern pattern,
    List<Mark> marks,
    List<MatchPoint> unshared,
    List<Capability.Example> examples) {

  /** Copies the lists and checks that steps and marks exist. */
  public Rule {
    if (Objects.requireNonNull(name, "name").isBlank()) {
      throw new IllegalArgumentException("a rule needs a name");
    }
    Objects.requireNonNull(pattern, "pattern");
    marks = List.copyOf(marks);
    unshared = List.copyOf(unshared);
    examples = List.copyOf(examples);
    if (marks.isEmpty()) {
      throw new IllegalArgumentException("rule '" + name + "' marks no point");
    }
    for (MatchPoint point : points(marks, unshared)) {
      if (point.step() >= pattern.steps().size()) {
        throw new IllegalArgumentException(
            "rule '" + name + "' speaks of " + point + ", and has fewer steps");
      }
    }
  }

  /** Tells whether the rule claims nodes only to keep them in float. */
  boolean isFloat() {
    for (Mark mark : marks) {
      if (!mark.spec().isFloat()) {
        return false;
      }
    }
    return true;
  }

  /** Returns the points that marks and opt-outs name. */
  static List<MatchPoint> points(List<Mark> marks, List<MatchPoint> unshared) {
    List<MatchPoint> points = new ArrayList<>(unshared);
    for (Mark mark : marks) {
      points.add(mark.at());
      points.addAll(mark.spec().references());
      mark.whenConstant().ifPresent(spec -> points.addAll(spec.references()));
      mark.whenMadeBy().ifPresent(made -> points.addAll(made.spec().references()));
    }
    return points;
  }
}
