package dev.octet.kernels.integer;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.compile.Compilation;

/** Nodes whose operands or results are larger than those that sums of 32 bits are made for. */
final class WideOperands {

  private WideOperands() {}

  /**
   * Tells whether a node needs sums of 64 bits for the types of its operands or of its result.
   *
   * @param values operands that have 8 bits otherwise
   * @param addend operand that is INT32 otherwise
   */
  static boolean has(Compilation compilation, int[] values, int addend) {
    return has(compilation, values)
        || compilation.operandType(addend).filter(type -> type == DataType.INT64).isPresent();
  }

  /**
   * Tells whether some operands of a node or its result have more than 8 bits.
   *
   * @param values operands that have 8 bits otherwise
   */
  static boolean has(Compilation compilation, int... values) {
    for (int value : values) {
      if (compilation.operandType(value).filter(type -> type.bits() > Byte.SIZE).isPresent()) {
        return true;
      }
    }
    DataType result = compilation.resultType(0);
    return result.isInteger() && result.bits() > Byte.SIZE;
  }
}
