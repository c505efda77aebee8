package dev.octet.kernels.shape;

import dev.octet.api.graph.Node;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The window of a ConvTranspose: kernel, strides, dilations, pads, output_padding, output_shape and
 * auto_pad for each spatial axis. Immutable and thread-safe.
 *
 * <p>Along an axis of input size {@code in}, with {@code whole = stride * (in - 1) + output_padding
 * + (kernel - 1) * dilation + 1}: without output_shape and SAME, {@code out = whole - begin - end}.
 * With output_shape, or {@code in * stride} for SAME, the padding {@code max(0, whole - out)} is
 * halved, and an odd element goes to the end for SAME_UPPER, else to the beginning. output_padding
 * is less than the stride or the dilation, as the operator's definition wants.
 */
public final class TransposedWindow {

  private final long[] kernel;
  private final long[] strides;
  private final long[] dilations;
  private final long[] pads;
  private final long[] outputPadding;
  private final Optional<long[]> outputShape;
  private final String autoPad;

  private TransposedWindow(Node node, long[] kernel) {
    int rank = kernel.length;
    this.kernel = kernel;
    this.strides = attribute(node, "strides", rank, 1, 1);
    this.dilations = attribute(node, "dilations", rank, 1, 1);
    this.pads = attribute(node, "pads", 2 * rank, 0, 0);
    this.outputPadding = attribute(node, "output_padding", rank, 0, 0);
    this.autoPad = node.stringAttribute("auto_pad", "NOTSET");
    this.outputShape =
        node.intsAttribute("output_shape")
            .filter(stated -> !stated.isEmpty())
            .map(stated -> attribute(node, "output_shape", rank, 0, 0));
    if (!Window.PADDINGS.contains(autoPad)) {
      throw new ShapeMismatchException("auto_pad '" + autoPad + "', of which there is none");
    }
    requireLittlePadding();
    List<Long> stated = node.intsAttribute("kernel_shape").orElse(List.of());
    if (!stated.isEmpty() && !Arrays.stream(kernel).boxed().toList().equals(stated)) {
      throw new ShapeMismatchException(
          "kernel_shape " + stated + " of weights " + Arrays.toString(kernel));
    }
  }

  /**
   * Returns the window of a node.
   *
   * @param kernel size of the weights along each spatial axis
   * @throws ShapeMismatchException if an attribute has another length, or too small a value
   */
  public static TransposedWindow of(Node node, long[] kernel) {
    return new TransposedWindow(node, kernel);
  }

  private static long[] attribute(
      Node node, String name, int length, long defaultValue, long least) {
    long[] values = new long[length];
    Arrays.fill(values, defaultValue);
    List<Long> stated = node.intsAttribute(name).orElse(List.of());
    if (!stated.isEmpty() && stated.size() != length) {
      throw new ShapeMismatchException(
          name + " " + stated + " should have " + length + " elements");
    }
    for (int i = 0; i < stated.size(); i++) {
      values[i] = stated.get(i);
      if (values[i] < least || values[i] > Integer.MAX_VALUE) {
        throw new ShapeMismatchException(name + " " + stated + " holds " + values[i]);
      }
    }
    return values;
  }

  private void requireLittlePadding() {
    for (int axis = 0; axis < kernel.length; axis++) {
      long most = Math.max(strides[axis], dilations[axis]) - 1;
      if (outputPadding[axis] > most) {
        throw new ShapeMismatchException(
            "output_padding " + outputPadding[axis] + " where stride and dilation allow " + most);
      }
    }
  }

  private boolean isSame() {
    return autoPad.equals("SAME_UPPER") || autoPad.equals("SAME_LOWER");
  }

  private long whole(int axis, long in) {
    long reach = Math.multiplyExact(kernel[axis] - 1, dilations[axis]) + 1;
    return Math.multiplyExact(strides[axis], in - 1) + outputPadding[axis] + reach;
  }

  /**
   * Returns the size of the output along an axis of an input size.
   *
   * @throws ShapeMismatchException if there is none
   */
  public long output(int axis, long in) {
    if (outputShape.isPresent()) {
      return outputShape.get()[axis];
    }
    if (isSame()) {
      return Math.multiplyExact(in, strides[axis]);
    }
    boolean valid = autoPad.equals("VALID");
    long out = whole(axis, in) - (valid ? 0 : pads[axis] + pads[axis + kernel.length]);
    if (out < 0) {
      throw new ShapeMismatchException("a result of size " + out);
    }
    return out;
  }

  /** An output that is longer by a stride would have more input. */
  private void requireReached(int axis, long in, long out) {
    if (outputShape.isPresent() && out >= whole(axis, in) + strides[axis]) {
      throw new ShapeMismatchException(
          "output_shape " + out + " where the input reaches " + whole(axis, in));
    }
  }

  /** Returns the number of spatial axes. */
  public int rank() {
    return kernel.length;
  }

  /** Returns the size of the kernel along an axis. */
  public int kernel(int axis) {
    return Math.toIntExact(kernel[axis]);
  }

  /** Returns the stride along an axis. */
  public int stride(int axis) {
    return Math.toIntExact(strides[axis]);
  }

  /** Returns the dilation along an axis. */
  public int dilation(int axis) {
    return Math.toIntExact(dilations[axis]);
  }

  /**
   * Returns how much is cut off before the first element of the output along an axis.
   *
   * @throws ShapeMismatchException if the input does not reach a stated output
   */
  public int padBegin(int axis, long in, long out) {
    requireReached(axis, in, out);
    if (outputShape.isEmpty() && !isSame()) {
      return autoPad.equals("VALID") ? 0 : Math.toIntExact(pads[axis]);
    }
    long total = Math.max(0, whole(axis, in) - out);
    return Math.toIntExact(autoPad.equals("SAME_UPPER") ? total / 2 : total - total / 2);
  }
}
