package dev.octet.kernels.definition;

import dev.octet.kernels.dialect.ParameterSlot;
import dev.octet.kernels.dialect.QuantizedSlot;
import dev.octet.kernels.dialect.Slots;

/**
 * Takes the operands of a node on floats, between DequantizeLinear and QuantizeLinear, into the
 * slots of a node on integers. Each method returns this filler.
 */
public interface SlotFiller {

  /**
   * Takes integers of 8 bits, or of 16 where the operator takes them, with one scale.
   *
   * @param operand the index of the operand on floats
   * @param slot where it goes
   * @throws StaysFloatException if the operand is nothing of that kind
   */
  SlotFiller activation(int operand, QuantizedSlot slot);

  /**
   * Takes every operand, each as {@link #activation} does.
   *
   * @param slots the slots of the integer node
   * @param part the repeated slot
   * @throws StaysFloatException if an operand is nothing of that kind
   */
  SlotFiller everyActivation(Slots slots, String part);

  /**
   * Takes integers of at most as many bits with one scale, or one for each output channel.
   *
   * @param operand the index of the operand on floats
   * @param slot where it goes
   * @throws StaysFloatException if the operand is nothing of that kind
   */
  SlotFiller weight(int operand, QuantizedSlot slot);

  /**
   * Takes an int32 bias, or one of int64 where the operator takes 16 bits, whose scale must be the
   * product of the scales of the two operands taken before it; nothing where the node has none.
   *
   * @param operand the index of the operand on floats
   * @param slot where it goes
   * @throws StaysFloatException if the operand is nothing of that kind
   */
  SlotFiller bias(int operand, int slot);

  /** Puts the scale and zero point of the result where they go. */
  SlotFiller result(ParameterSlot slot);
}
