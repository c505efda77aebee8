package dev.octet.kernels.definition;

/** A node that moves the integers of its operand 0, while it is being made. */
public interface MovedIntegers {

  /** Tells whether all its results have the scale and zero point of operand 0. */
  boolean keepTheirMeaning();

  /**
   * Makes an operand the integer that a float becomes with the scale and zero point of operand 0.
   *
   * @param operand the index of the operand; those before it that are absent are left out
   * @param value the float
   */
  void put(int operand, float value);
}
