package dev.octet.kernels.exact;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.dialect.IntegerDialect;
import java.math.BigDecimal;
import java.util.function.IntFunction;

/**
 * One result of one node on given operands, element by element in exact arithmetic (of sigmoid and
 * softmax in float64).
 *
 * <p>It stands alone: operands in, one number out, without kernels or executor. For a comparison
 * with a runtime, give each node that runtime's own operands: where the results differ, {@link
 * #explains} tells whether rounding alone may be the cause. Immutable and thread-safe.
 */
public final class ExactResult {

  private final DataType type;
  private final IntFunction<ExactElement> elements;
  private final long min;
  private final long max;

  private ExactResult(ExactOperands operands, IntFunction<ExactElement> elements) {
    this.type = operands.dataType();
    this.elements = elements;
    int bits = type.isInteger() ? type.bits() : 0;
    long typeMin = type.isSignedInteger() ? -(1L << (bits - 1)) : 0;
    long typeMax = typeMin + (1L << bits) - 1;
    this.min = Math.max(typeMin, operands.node().intAttribute(IntegerDialect.OUTPUT_MIN, typeMin));
    this.max = Math.min(typeMax, operands.node().intAttribute(IntegerDialect.OUTPUT_MAX, typeMax));
  }

  /**
   * Returns the result of a node by the rule of its operator.
   *
   * @throws IllegalArgumentException if the rule has no answer for the operands; see {@link
   *     ExactRule#elements}
   */
  public static ExactResult of(ExactRule rule, ExactOperands operands) {
    return new ExactResult(operands, rule.elements(operands));
  }

  /** Returns the exact element at an index in row-major order; each call computes it anew. */
  public ExactElement element(int index) {
    return elements.apply(index);
  }

  /**
   * Returns the integer that exact arithmetic gives at an index, within the range of the result's
   * type and the attributes that narrow it.
   *
   * @throws IllegalStateException if the result is not of integers
   */
  public long integer(int index) {
    requireIntegers();
    return element(index).rounded(min, max);
  }

  /**
   * Tells whether float32 arithmetic may give an integer at an index; see {@link
   * ExactElement#explains}.
   *
   * @throws IllegalStateException if the result is not of integers
   */
  public boolean explains(int index, long integer) {
    requireIntegers();
    return element(index).explains(integer, min, max);
  }

  /**
   * Tells whether float32 arithmetic may give a float at an index: whether it lies within {@link
   * ExactElement#bound} of the exact value.
   */
  public boolean explains(int index, float value) {
    ExactElement element = element(index);
    return Float.isFinite(value)
        && new BigDecimal(value).subtract(element.value()).abs().compareTo(element.bound()) <= 0;
  }

  /** Returns the float nearest to the exact value of an element. */
  public float real(int index) {
    return element(index).value().floatValue();
  }

  /** Returns the smallest integer that the result may hold. */
  public long min() {
    return min;
  }

  /** Returns the largest integer that the result may hold. */
  public long max() {
    return max;
  }

  private void requireIntegers() {
    if (!type.isInteger()) {
      throw new IllegalStateException("a result of type " + type + " has no integers");
    }
  }
}
