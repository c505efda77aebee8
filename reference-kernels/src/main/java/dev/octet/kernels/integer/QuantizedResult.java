package dev.octet.kernels.integer;

import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.dialect.ParameterSlot;
import dev.octet.kernels.primitive.Primitives;
import dev.octet.kernels.primitive.Saturation;

/** A result of integers of 8 or 16 bits, written by QuantizeLinear's rule, a stretch at a time. */
final class QuantizedResult {

  private final Object array;
  private final float scale;
  private final Saturation saturation;

  /**
   * Takes result 0 of a node, which has one scale.
   *
   * @param y its array
   */
  QuantizedResult(Preparation preparation, OperandReader reader, ParameterSlot slot, Object y) {
    this.array = y;
    this.scale = reader.scale(slot.scale());
    this.saturation =
        IntegerRange.of(preparation.node(), preparation.result(0).dataType())
            .around(reader.zeroPoint(slot.zeroPoint()));
  }

  /** Writes {@code clamp(rne(v / s) + z)} of the first values. */
  void write(float[] values, int count, int at) {
    Primitives.chosen().quantize(values, 0, count, scale, saturation, array, at);
  }
}
