package dev.octet.workflow.evaluate;

import dev.octet.api.tree.Tree;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * How data fits the range that an input of a quantized model, or a value inside of it, was
 * calibrated for.
 *
 * @param input the name of the input or value
 * @param min the least number that its integers mean
 * @param max the largest one, above {@code min}
 * @param dataMin the least finite element of the data; positive infinity where there is none
 * @param dataMax the largest one; negative infinity where there is none
 * @param elements how many elements the data has, NaN not counted
 * @param clipped how many of them lie so far outside of the range that their integers are clamped
 */
public record InputRange(
    String input,
    double min,
    double max,
    double dataMin,
    double dataMax,
    long elements,
    long clipped) {

  /** Checks that the name is not null. */
  public InputRange {
    Objects.requireNonNull(input, "input");
  }

  /** Returns the share of the range that the data covers, 0 to 1. */
  public double used() {
    double covered = Math.min(dataMax, max) - Math.max(dataMin, min);
    return Math.max(covered, 0) / (max - min);
  }

  /** Returns the share of the elements that are clamped, 0 to 1; 0 without elements. */
  public double clippedShare() {
    return elements == 0 ? 0 : (double) clipped / elements;
  }

  Tree.Mapping tree() {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("name", Tree.of(input));
    fields.put("rangeMin", Tree.of(min));
    fields.put("rangeMax", Tree.of(max));
    if (dataMin <= dataMax) {
      fields.put("dataMin", Tree.of(dataMin));
      fields.put("dataMax", Tree.of(dataMax));
    }
    fields.put("used", Tree.of(used()));
    fields.put("clipped", Tree.of(clippedShare()));
    return Tree.of(fields);
  }

  /** Returns both ranges for people, such as {@code 0 to 255 in a range of 0 to 1}. */
  public String words() {
    return String.format(
        Locale.ROOT, "%.4g to %.4g in a range of %.4g to %.4g", dataMin, dataMax, min, max);
  }
}
