package dev.octet.kernels.primitive;

import dev.octet.api.graph.DataType;

/**
 * A convolution over integers, ready to be computed: {@code acc[n, m, p] = bias[m] + sum over c,
 * tap of (x[n, c, p * stride + tap * dilation - pad] - z_x) * (w[m, c, tap] - z_w[m])} in int32,
 * modulo 2^32, where what lies outside the input counts as {@code z_x}.
 *
 * @param geometry the sizes
 * @param type type of the input, of at most 8 bits
 * @param x the input
 * @param zeroPoint {@code z_x}
 * @param weights the weights
 * @param bias one number for each output channel, or none
 * @param destination where the sums go
 */
@SuppressWarnings("ArrayRecordComponent") // Internal: never compared, read only.
public record Convolution(
    ConvGeometry geometry,
    DataType type,
    byte[] x,
    int zeroPoint,
    ChannelWeights weights,
    int[] bias,
    Destination destination) {}
