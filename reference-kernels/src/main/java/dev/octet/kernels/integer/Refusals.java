package dev.octet.kernels.integer;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.compile.UnsupportedNodeException;
import dev.octet.kernels.shape.ShapeMismatchException;
import java.util.Optional;
import java.util.function.Predicate;

/** What the integer kernels do not take, in words. */
final class Refusals {

  private Refusals() {}

  /** Refuses operands of known types other than INT8 and UINT8. */
  static Optional<String> unlessEightBits(Signature signature, int... operands) {
    return unless(
        type -> type == DataType.INT8 || type == DataType.UINT8,
        "is neither INT8 nor UINT8",
        signature,
        operands);
  }

  /** Refuses operands of known types other than INT8, UINT8, INT16 and UINT16. */
  static Optional<String> unlessEightOrSixteenBits(Signature signature, int... operands) {
    return unless(
        type -> type.isInteger() && (type.bits() == Byte.SIZE || type.bits() == Short.SIZE),
        "has neither 8 nor 16 bits",
        signature,
        operands);
  }

  /** Refuses operands of known types other than integers of at most 8 bits. */
  static Optional<String> unlessAtMostEightBits(Signature signature, int... operands) {
    return unless(
        type -> type.isInteger() && type.bits() <= Byte.SIZE,
        "is no integer of at most 8 bits",
        signature,
        operands);
  }

  /** Refuses operands of known types other than integers of at most 16 bits. */
  static Optional<String> unlessAtMostSixteenBits(Signature signature, int... operands) {
    return unless(
        type -> type.isInteger() && type.bits() <= Short.SIZE,
        "is no integer of at most 16 bits",
        signature,
        operands);
  }

  /** Refuses an operand of a known type other than INT32 and INT64. */
  static Optional<String> unlessAddend(Signature signature, int operand) {
    return unless(
        type -> type == DataType.INT32 || type == DataType.INT64,
        "is neither INT32 nor INT64",
        signature,
        operand);
  }

  /** Refuses an operand of a known type other than BOOL. */
  static Optional<String> unlessTruth(Signature signature, int operand) {
    return unless(type -> type == DataType.BOOL, "is not BOOL", signature, operand);
  }

  /** Refuses operands of known types other than FLOAT. */
  static Optional<String> unlessFloat(Signature signature, int... operands) {
    return unless(type -> type == DataType.FLOAT, "is not FLOAT", signature, operands);
  }

  /** Refuses the first operand of a known type that is not taken. */
  private static Optional<String> unless(
      Predicate<DataType> taken, String why, Signature signature, int... operands) {
    for (int operand : operands) {
      Optional<DataType> type = signature.operandType(operand);
      if (type.isPresent() && !taken.test(type.get())) {
        return Optional.of("operand " + operand + " of type " + type.get() + " " + why);
      }
    }
    return Optional.empty();
  }

  /** Returns the first refusal. */
  @SafeVarargs
  static Optional<String> first(Optional<String>... refusals) {
    for (Optional<String> refusal : refusals) {
      if (refusal.isPresent()) {
        return refusal;
      }
    }
    return Optional.empty();
  }

  /**
   * Refuses operands that hold more than one element.
   *
   * @throws UnsupportedNodeException with the operand
   */
  static void requireScalars(Preparation preparation, int... operands) {
    for (int operand : operands) {
      if (preparation.has(operand) && preparation.operand(operand).count() != 1) {
        throw new ShapeMismatchException(
            "operand "
                + operand
                + " has "
                + preparation.operand(operand).count()
                + " elements, not one");
      }
    }
  }

  /**
   * Refuses scales that are neither one nor one for each column of a product.
   *
   * @throws UnsupportedNodeException with the operand
   */
  static void requireColumns(Preparation preparation, int operand, int columns) {
    int scales = preparation.operand(operand).count();
    if (scales != 1 && scales != columns) {
      throw new ShapeMismatchException(
          "operand " + operand + " has " + scales + " scales for " + columns + " columns");
    }
  }

  /**
   * Refuses sums of operands of 16 bits that may leave int64.
   *
   * @param depth number of products in a sum
   * @param addends what sums begin with, as far as it is known
   * @throws UnsupportedNodeException with the largest addend
   */
  static void requireInt64(int depth, long[] addends) {
    long room = Long.MAX_VALUE - 65_535L * 65_535L * depth;
    for (long addend : addends) {
      if (addend > room || addend < -room) {
        throw new UnsupportedNodeException("its sums may leave int64: one begins with " + addend);
      }
    }
  }

  /**
   * Refuses sums that may leave int32.
   *
   * @param largest the largest magnitude that a sum can have
   * @throws UnsupportedNodeException with the magnitude
   */
  static void requireInt32(long largest) {
    if (largest > Integer.MAX_VALUE) {
      throw new UnsupportedNodeException(
          "its sums may reach " + largest + " and leave int32 (2147483647)");
    }
  }
}
