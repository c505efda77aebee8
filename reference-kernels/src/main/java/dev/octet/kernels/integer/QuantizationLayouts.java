package dev.octet.kernels.integer;

import dev.octet.api.spec.Granularity;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.dialect.QuantizedSlot;
import dev.octet.kernels.quantize.ParameterLayout;
import dev.octet.kernels.shape.ShapeMismatchException;
import java.util.Arrays;

/** Which elements share a scale in ONNX QuantizeLinear and DequantizeLinear. */
final class QuantizationLayouts {

  private QuantizationLayouts() {}

  /**
   * Returns the layout of an operand under its scales: with the attribute block_size, runs of that
   * length along the attribute axis; one scale for the tensor as a whole; or one for each index of
   * the axis (1 by default).
   *
   * @throws ShapeMismatchException if the number of scales or zero points does not fit
   */
  static ParameterLayout of(Preparation preparation, QuantizedSlot slot) {
    ArrayType x = preparation.operand(slot.value());
    int scales = preparation.operand(slot.scale()).count();
    long block = preparation.node().intAttribute("block_size", 0);
    if (block < 0) {
      throw new ShapeMismatchException("blocks of size " + block);
    }
    long stated = preparation.node().intAttribute("axis", 1);
    int axis = (int) (stated < 0 ? stated + x.rank() : stated);
    long[] sizes = Arrays.stream(x.sizes()).asLongStream().toArray();
    ParameterLayout layout =
        block == 0 && scales == 1
            ? ParameterLayout.of(new Granularity.PerTensor(), sizes)
            : along(block, axis, sizes, slot.value(), x);
    requirePairs(layout.count(), scales, preparation, slot);
    return layout;
  }

  private static ParameterLayout along(
      long block, int axis, long[] sizes, int operand, ArrayType x) {
    if (axis < 0 || axis >= sizes.length) {
      throw new ShapeMismatchException(
          "axis " + axis + " lies outside operand " + operand + " " + x);
    }
    Granularity granularity =
        block == 0 ? new Granularity.PerChannel(axis) : new Granularity.PerGroup(axis, block);
    return ParameterLayout.of(granularity, sizes);
  }

  private static void requirePairs(
      int expected, int scales, Preparation preparation, QuantizedSlot slot) {
    int zeros =
        preparation.has(slot.zeroPoint()) ? preparation.operand(slot.zeroPoint()).count() : scales;
    if (scales != expected || zeros != scales) {
      throw new ShapeMismatchException(
          "operand "
              + slot.value()
              + " "
              + preparation.operand(slot.value())
              + " needs "
              + expected
              + " scales and zero points, not "
              + scales
              + " and "
              + zeros);
    }
  }
}
