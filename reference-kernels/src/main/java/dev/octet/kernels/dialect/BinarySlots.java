package dev.octet.kernels.dialect;

/** The operands that all operators on two quantized tensors, element by element, have. */
public final class BinarySlots {

  /** The names. */
  public static final Slots SLOTS =
      Slots.of(
          "A",
          "A_scale",
          "A_zero_point",
          "B",
          "B_scale",
          "B_zero_point",
          "C_scale",
          "C_zero_point");

  /** The first tensor. */
  public static final QuantizedSlot LEFT = SLOTS.quantized("A");

  /** The second tensor. */
  public static final QuantizedSlot RIGHT = SLOTS.quantized("B");

  /** The parameters of the result. */
  public static final ParameterSlot RESULT = SLOTS.parameters("C");

  private BinarySlots() {}
}
