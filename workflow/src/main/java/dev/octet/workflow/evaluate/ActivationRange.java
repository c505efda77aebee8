package dev.octet.workflow.evaluate;

import dev.octet.api.tree.Tree;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How the float values of a reference fit the range that a quantized model has for them.
 *
 * @param node the reference's node that gives the value
 * @param fit the value's name, its range, and how the values fit
 * @param integers what the integers of the range mean
 * @param rowLength the largest size that the last axis had
 * @param rounding what is left when nothing but these values is rounded to the range; empty where
 *     it was not measured
 */
public record ActivationRange(
    String node, InputRange fit, IntegerRange integers, long rowLength, Optional<Sqnr> rounding) {

  /** Checks that no component is null. */
  public ActivationRange {
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(fit, "fit");
    Objects.requireNonNull(integers, "integers");
    Objects.requireNonNull(rounding, "rounding");
  }

  /** Returns the name of the value. */
  public String value() {
    return fit.input();
  }

  /** Tells whether more than 1 % of the values are clamped. */
  public boolean isClipped() {
    return fit.clippedShare() > InputRanges.MOST_CLIPPED;
  }

  /** Tells whether the values cover less than a tenth of the range; zeros alone need no steps. */
  public boolean isUnused() {
    return fit.used() < InputRanges.LEAST_USED && (fit.dataMin() < 0 || fit.dataMax() > 0);
  }

  /** Returns the value and how it fits, in one line. */
  @Override
  public String toString() {
    return "'%s' of '%s': %s of %s values clipped"
        .formatted(value(), node, fit.clipped(), fit.elements());
  }

  Tree.Mapping tree() {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("name", Tree.of(value()));
    fields.put("node", Tree.of(node));
    fit.tree().entries().forEach(fields::putIfAbsent);
    return Tree.of(fields);
  }
}
