package dev.octet.kernels.dialect;

/**
 * Where a quantized operand stands among the operands of a node.
 *
 * @param value the position of its integers
 * @param scale the position of their scale
 * @param zeroPoint the position of their zero point
 */
public record QuantizedSlot(int value, int scale, int zeroPoint) {}
