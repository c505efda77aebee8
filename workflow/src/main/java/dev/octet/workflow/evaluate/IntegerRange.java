package dev.octet.workflow.evaluate;

import dev.octet.api.graph.DataType;

/**
 * The numbers that integers of one scale and zero point mean: a float x becomes {@code clamp(rne(x
 * / scale) + zeroPoint)}.
 *
 * @param scale the scale, above 0
 * @param zeroPoint the integer that means 0
 * @param leastInteger the least integer
 * @param mostInteger the largest one
 */
public record IntegerRange(
    double scale, double zeroPoint, double leastInteger, double mostInteger) {

  /** Returns the range of all integers of an element type. */
  public static IntegerRange of(DataType type, float scale, long zeroPoint) {
    double least = type.isSignedInteger() ? -Math.scalb(1.0, type.bits() - 1) : 0;
    return new IntegerRange(scale, zeroPoint, least, least + Math.scalb(1.0, type.bits()) - 1);
  }

  /** Returns the least number that an integer means. */
  public double least() {
    return (leastInteger - zeroPoint) * scale;
  }

  /** Returns the largest number that an integer means. */
  public double most() {
    return (mostInteger - zeroPoint) * scale;
  }

  /** Returns how many integers there are. */
  public double integers() {
    return mostInteger - leastInteger + 1;
  }

  /** Returns the integer of a number; NaN for NaN. */
  public double integer(double x) {
    double integer = Math.rint(x / scale) + zeroPoint;
    return Math.min(Math.max(integer, leastInteger), mostInteger);
  }

  /** Tells whether a number lies so far outside that its integer is clamped; NaN does not. */
  public boolean clips(double x) {
    double integer = Math.rint(x / scale) + zeroPoint;
    return integer < leastInteger || integer > mostInteger;
  }

  /** Returns this range with one integer more at both ends. */
  IntegerRange widened() {
    return new IntegerRange(scale, zeroPoint, leastInteger - 1, mostInteger + 1);
  }

  /** Returns this range without what is clamped to two numbers before. */
  public IntegerRange within(double low, double high) {
    return new IntegerRange(
        scale,
        zeroPoint,
        Math.max(leastInteger, Math.rint(low / scale) + zeroPoint),
        Math.min(mostInteger, Math.rint(high / scale) + zeroPoint));
  }
}
