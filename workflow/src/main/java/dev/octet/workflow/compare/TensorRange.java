package dev.octet.workflow.compare;

import dev.octet.api.tree.Tree;
import dev.octet.workflow.evaluate.IntegerRange;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * How the values of a tensor fit the range that it is quantized to.
 *
 * @param range the range
 * @param elements how many elements the float model gave, NaN not counted
 * @param clipped how many of them lie so far outside of the range that their integers are clamped
 * @param used how many different integers the quantized model had
 */
public record TensorRange(IntegerRange range, long elements, long clipped, long used) {

  /** Checks that the range is not null. */
  public TensorRange {
    Objects.requireNonNull(range, "range");
  }

  /** Returns the share of the elements that are clamped, 0 to 1; 0 without elements. */
  public double clippedShare() {
    return elements == 0 ? 0 : (double) clipped / elements;
  }

  Tree.Mapping tree() {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("min", Tree.of(range.least()));
    fields.put("max", Tree.of(range.most()));
    fields.put("scale", Tree.of(range.scale()));
    fields.put("zeroPoint", Tree.of((long) range.zeroPoint()));
    fields.put("integers", Tree.of((long) range.integers()));
    fields.put("used", Tree.of(used));
    fields.put("elements", Tree.of(elements));
    fields.put("clippedElements", Tree.of(clipped));
    fields.put("clipped", Tree.of(clippedShare()));
    return Tree.of(fields);
  }
}
