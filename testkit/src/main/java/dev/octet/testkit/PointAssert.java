package dev.octet.testkit;

import dev.octet.api.graph.Point;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlannedGroup;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Assertions on what a plan says of one point; see {@link PlanAssert}. Immutable and thread-safe.
 *
 * @param <S> what the assertions return
 */
public abstract sealed class PointAssert<S extends PointAssert<S>>
    permits NodePointAssert, BoundaryAssert {

  private final Plan plan;
  private final Point point;

  PointAssert(Plan plan, Point point) {
    this.plan = plan;
    this.point = point;
  }

  abstract S self();

  /** Returns the point with the name of its value, for messages. */
  abstract String named();

  /** Returns what the plan says around the point, for messages. */
  abstract String around();

  /** Returns why the point stays float, where the plan says so. */
  abstract Optional<String> floatReason();

  Optional<String> keptFloat() {
    return PlanWords.spec(plan, point).flatMap(QuantizationSpec::floatReason);
  }

  /**
   * Asserts how the point is quantized.
   *
   * @param words some of the words that {@link PlanWords} has for the point, in any order, such as
   *     {@code int8 symmetric per-channel-0}; what they do not name is not asked. A type without a
   *     range means every range of it
   */
  public S is(String words) {
    String found =
        PlanWords.of(plan, point)
            .filter(said -> keptFloat().isEmpty())
            .orElseThrow(() -> bare(words));
    List<String> there = List.of(found.split(" "));
    List<String> wrong =
        Stream.of(words.strip().split("\\s+")).filter(word -> !isAmong(word, there)).toList();
    if (!wrong.isEmpty()) {
      throw new AssertionError(
          "expected %s to be '%s', and the plan says '%s' (%s); not so: %s"
              .formatted(named(), words, found, around(), String.join(", ", wrong)));
    }
    return self();
  }

  private static boolean isAmong(String word, List<String> there) {
    return there.stream()
        .map(said -> said.endsWith(",") ? said.substring(0, said.length() - 1) : said)
        .anyMatch(said -> said.equals(word) || said.startsWith(word + "["));
  }

  private AssertionError bare(String expected) {
    String why = floatReason().map(reason -> "float, " + reason).orElse("not quantized");
    return new AssertionError(
        "expected %s to be '%s', and it is %s (%s)".formatted(named(), expected, why, around()));
  }

  /** Asserts that the point stays float: nothing marks it, or it is kept in float. */
  public S isFloat() {
    Optional<String> found = PlanWords.of(plan, point).filter(said -> keptFloat().isEmpty());
    if (found.isPresent()) {
      throw new AssertionError(
          "expected %s to stay float, and the plan says '%s' (%s)"
              .formatted(named(), found.get(), around()));
    }
    return self();
  }

  /**
   * Asserts why the point stays float.
   *
   * @param reason a part of the reason for which the point is kept in float, or its node is
   */
  public S because(String reason) {
    isFloat();
    if (!floatReason().orElse("").contains(reason)) {
      throw new AssertionError(
          "expected %s to stay float because '%s'; the plan says %s (%s)"
              .formatted(
                  named(),
                  reason,
                  floatReason().map(said -> "'" + said + "'").orElse("no reason"),
                  around()));
    }
    return self();
  }

  /** Asserts that the point and another have the same scale and zero point, by one group. */
  public S sharesWith(Point other) {
    PlannedGroup own = group(point);
    PlannedGroup others = group(other);
    if (own.id() != others.id()) {
      throw new AssertionError(
          "expected %s to share the parameters of %s; its group has %s; that of the other has %s"
              .formatted(named(), other, members(own), members(others)));
    }
    return self();
  }

  /** Asserts that the point and another are quantized, each with parameters of its own. */
  public S doesNotShareWith(Point other) {
    PlannedGroup own = group(point);
    if (own.id() == group(other).id()) {
      throw new AssertionError(
          "expected %s not to share the parameters of %s; one group has %s"
              .formatted(named(), other, members(own)));
    }
    return self();
  }

  /**
   * Asserts that scale and zero point are computed from those of other points.
   *
   * @param sources all of them, in the order of the rule
   */
  public S isDerivedFrom(Point... sources) {
    List<Point> found = group(point).spec().sources();
    if (!found.equals(List.of(sources))) {
      throw new AssertionError(
          "expected %s to be derived from %s, and the plan says '%s' (%s)"
              .formatted(
                  named(),
                  PlanWords.join(List.of(sources)),
                  PlanWords.of(plan, point).orElse(""),
                  around()));
    }
    return self();
  }

  private PlannedGroup group(Point of) {
    return plan.group(of)
        .orElseThrow(
            () ->
                new AssertionError(
                    "expected %s to be quantized, and it is not (%s)".formatted(of, around())));
  }

  private String members(PlannedGroup group) {
    return PlanWords.join(
        Optional.ofNullable(PlanWords.groups(plan).get(group.id())).orElse(List.of()));
  }
}
