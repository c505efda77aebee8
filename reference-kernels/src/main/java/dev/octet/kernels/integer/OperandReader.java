package dev.octet.kernels.integer;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.registry.ArrayType;
import dev.octet.kernels.registry.Preparation;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads scales, zero points and other small operands of one run of a node. */
final class OperandReader {

  private static final int[] ZERO = {0};

  private final Preparation preparation;
  private final @Nullable Object[] operands;

  OperandReader(Preparation preparation, @Nullable Object[] operands) {
    this.preparation = preparation;
    this.operands = operands;
  }

  /** Returns the array of an operand that is present. */
  Object array(int index) {
    return Objects.requireNonNull(operands[index], "operand");
  }

  /** Returns the element type of an operand that is present. */
  DataType dataType(int index) {
    return preparation.operand(index).dataType();
  }

  /** Returns the elements of a float operand. */
  float[] floats(int index) {
    return Arrays.copyOf((float[]) array(index), preparation.operand(index).count());
  }

  /** Returns the first element of a float operand. */
  float scale(int index) {
    return ((float[]) array(index))[0];
  }

  /** Returns the elements of an integer operand; a single 0 when it is left out. */
  int[] zeroPoints(int index) {
    if (!preparation.has(index)) {
      return ZERO;
    }
    ArrayType type = preparation.operand(index);
    int[] elements = new int[type.count()];
    IntegerArrays.widen(type.dataType(), array(index), 0, elements.length, 0, elements, 0);
    return elements;
  }

  /** Returns the first element of an integer operand; 0 when it is left out. */
  int zeroPoint(int index) {
    return preparation.has(index) ? IntegerArrays.element(dataType(index), array(index), 0) : 0;
  }
}
