package dev.octet.kernels.integer;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.dialect.QuantizedSlot;
import dev.octet.kernels.primitive.Primitives;
import java.util.Arrays;

/**
 * An operand of integers of at most 16 bits, read as what DequantizeLinear makes of it, {@code
 * float32(q - z) * s}, a stretch at a time.
 */
final class DequantizedOperand {

  /** Elements that stay in the first-level cache as floats between two loops over them. */
  static final int CHUNK = 1024;

  private final DataType type;
  private final Object array;
  private final float scale;
  private final int zeroPoint;

  /** Takes an operand of one scale. */
  DequantizedOperand(OperandReader reader, QuantizedSlot slot) {
    this.type = reader.dataType(slot.value());
    this.array = reader.array(slot.value());
    this.scale = reader.scale(slot.scale());
    this.zeroPoint = reader.zeroPoint(slot.zeroPoint());
  }

  /** Writes the meaning of neighbouring elements, from index 0. */
  void read(int from, int count, float[] into) {
    Primitives.chosen().dequantize(type, array, from, count, scale, zeroPoint, into, 0);
  }

  /** Writes the meaning of elements that follow each other by a step of 0 or 1, from index 0. */
  void read(int from, int step, int count, float[] into) {
    if (step == 1 || count == 0) {
      read(from, count, into);
    } else {
      read(from, 1, into);
      Arrays.fill(into, 1, count, into[0]);
    }
  }
}
