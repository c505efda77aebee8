package dev.octet.kernels.primitive;

import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.UnsupportedNodeException;
import dev.octet.kernels.shape.Window;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * The sizes of a convolution or pool over any number of spatial dimensions. One spatial dimension
 * is taken as two, the first of size 1. Arrays have one entry for each spatial dimension.
 *
 * @param batch images
 * @param groups groups of channels
 * @param inChannels input channels of a group
 * @param outChannels output channels of a group
 * @param in input sizes
 * @param out output sizes
 * @param kernel kernel sizes
 * @param strides steps between output positions
 * @param dilations steps between kernel taps
 * @param pads elements of padding before the input
 * @param padsAfter elements of padding behind the input
 */
@SuppressWarnings("ArrayRecordComponent") // Internal: never compared, never handed out.
public record ConvGeometry(
    int batch,
    int groups,
    int inChannels,
    int outChannels,
    int[] in,
    int[] out,
    int[] kernel,
    int[] strides,
    int[] dilations,
    int[] pads,
    int[] padsAfter) {

  /**
   * Returns the sizes of a convolution.
   *
   * @param preparation the node; result 0 is the convolution's
   * @param x operand index of the input, [N, C, spatial...]
   * @param w operand index of the weights, [M, C / group, spatial...]
   * @throws UnsupportedNodeException if group and channels do not fit
   */
  public static ConvGeometry ofConvolution(Preparation preparation, int x, int w) {
    int groups = Math.toIntExact(preparation.node().intAttribute("group", 1));
    ArrayType weights = preparation.operand(w);
    int[] kernel = Arrays.copyOfRange(weights.sizes(), 2, weights.rank());
    int channels = preparation.operand(x).size(1);
    if (groups < 1 || channels != weights.size(1) * groups || weights.size(0) % groups != 0) {
      throw new UnsupportedNodeException(
          "weights "
              + weights
              + " in "
              + groups
              + " groups do not fit input "
              + preparation.operand(x));
    }
    return of(preparation, x, kernel, groups, weights.size(0) / groups);
  }

  /** Returns the sizes of a pool whose kernel is the attribute {@code kernel_shape}. */
  public static ConvGeometry ofPool(Preparation preparation, int x) {
    int[] kernel =
        preparation.node().intsAttribute("kernel_shape").orElseThrow().stream()
            .mapToInt(Math::toIntExact)
            .toArray();
    int channels = preparation.operand(x).size(1);
    return of(preparation, x, kernel, channels, 1);
  }

  private static ConvGeometry of(
      Preparation preparation, int x, int[] kernel, int groups, int outChannels) {
    ArrayType input = preparation.operand(x);
    Window window = Window.of(preparation.node(), kernel);
    int[] in = Arrays.copyOfRange(input.sizes(), 2, input.rank());
    int[] out = Arrays.copyOfRange(preparation.result(0).sizes(), 2, input.rank());
    int[] strides = each(kernel, window::stride);
    int[] dilations = each(kernel, window::dilation);
    int[] pads = each(kernel, axis -> window.padBegin(axis, in[axis]));
    int[] padsAfter = each(kernel, axis -> window.padEnd(axis, in[axis]));
    int inChannels = input.size(1) / groups;
    boolean one = kernel.length == 1;
    return new ConvGeometry(
        input.size(0),
        groups,
        inChannels,
        outChannels,
        one ? prepend(1, in) : in,
        one ? prepend(1, out) : out,
        one ? prepend(1, kernel) : kernel,
        one ? prepend(1, strides) : strides,
        one ? prepend(1, dilations) : dilations,
        one ? prepend(0, pads) : pads,
        one ? prepend(0, padsAfter) : padsAfter);
  }

  /** Returns the number of kernel taps. */
  public int taps() {
    return ArrayType.product(kernel);
  }

  /** Returns the number of products in a sum. */
  public int depth() {
    return inChannels * taps();
  }

  /** Returns the number of output positions of a channel. */
  public int positions() {
    return ArrayType.product(out);
  }

  /** Returns the number of input positions of a channel. */
  public int inputPositions() {
    return ArrayType.product(in);
  }

  private static int[] each(int[] kernel, IntUnaryOperator valueOfAxis) {
    int[] values = new int[kernel.length];
    Arrays.setAll(values, valueOfAxis);
    return values;
  }

  private static int[] prepend(int first, int[] rest) {
    int[] all = new int[rest.length + 1];
    all[0] = first;
    System.arraycopy(rest, 0, all, 1, rest.length);
    return all;
  }
}
