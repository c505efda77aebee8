package dev.octet.kernels.dialect;

/**
 * Where the scale and zero point of a result stand among the operands of a node.
 *
 * @param scale the position of the scale
 * @param zeroPoint the position of the zero point
 */
public record ParameterSlot(int scale, int zeroPoint) {}
