package dev.octet.kernels.dialect;

/** The operands that all operators on one quantized tensor have. */
public final class UnarySlots {

  /** The names. */
  public static final Slots SLOTS =
      Slots.of("X", "x_scale", "x_zero_point", "y_scale", "y_zero_point");

  /** The tensor. */
  public static final QuantizedSlot INPUT = SLOTS.quantized("X");

  /** The parameters of the result. */
  public static final ParameterSlot RESULT = SLOTS.parameters("y");

  private UnarySlots() {}
}
