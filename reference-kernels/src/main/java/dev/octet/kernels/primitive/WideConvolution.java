package dev.octet.kernels.primitive;

/**
 * A {@link Convolution} whose operands may have 16 bits, and whose sums are those of the written
 * rule in 64 bits.
 *
 * @param geometry the sizes
 * @param x the input less its zero point
 * @param w the weights less their zero points, output channel outermost
 * @param bias one number for each output channel, or none
 * @param destination where the sums go
 */
@SuppressWarnings("ArrayRecordComponent") // Internal: never compared, read only.
public record WideConvolution(
    ConvGeometry geometry, int[] x, int[] w, long[] bias, Destination destination) {}
