package dev.octet.kernels.shape;

import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Node;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The sliding window of a convolution or pooling: attributes kernel_shape, strides, dilations,
 * pads, auto_pad, ceil_mode and storage_order, per spatial axis. Immutable and thread-safe.
 *
 * <p>Along one axis of input size {@code in}, with {@code reach = (kernel - 1) * dilation + 1}:
 *
 * <ul>
 *   <li>auto_pad NOTSET: {@code out = floor((in + begin + end - reach) / stride) + 1}. With
 *       ceil_mode the quotient is rounded up, and a last window that would begin behind the input
 *       and its padding at the beginning is dropped.
 *   <li>VALID: the same without padding.
 *   <li>SAME_UPPER, SAME_LOWER: {@code out = ceil(in / stride)}; the padding {@code max(0, (out -
 *       1) * stride + reach - in)} is halved, and an odd element goes to the end (UPPER) or to the
 *       beginning (LOWER).
 * </ul>
 */
public final class Window {

  /** How padding may be said. */
  static final Set<String> PADDINGS = Set.of("NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID");

  private final String autoPad;
  private final boolean ceil;
  private final boolean columnMajor;
  private final int[] kernel;
  private final int[] strides;
  private final int[] dilations;
  private final int[] pads;

  private Window(Node node, int[] kernel) {
    int rank = kernel.length;
    this.kernel = kernel;
    this.autoPad = node.stringAttribute("auto_pad", "NOTSET");
    this.ceil = flag(node, "ceil_mode");
    this.columnMajor = flag(node, "storage_order");
    this.strides = attribute(node, "strides", rank, 1);
    this.dilations = attribute(node, "dilations", rank, 1);
    this.pads = attribute(node, "pads", 2 * rank, 0);
    if (!PADDINGS.contains(autoPad)) {
      throw new ShapeMismatchException("auto_pad '" + autoPad + "', of which there is none");
    }
    if (Arrays.stream(pads).anyMatch(pad -> pad < 0)) {
      throw new ShapeMismatchException("negative pads " + Arrays.toString(pads));
    }
    for (int i = 0; i < rank; i++) {
      if (kernel[i] < 1 || strides[i] < 1 || dilations[i] < 1) {
        throw new ShapeMismatchException(
            "kernel, strides and dilations should be at least 1: "
                + Arrays.toString(kernel)
                + Arrays.toString(strides)
                + Arrays.toString(dilations));
      }
    }
  }

  /**
   * Returns the window of a node.
   *
   * @param kernel size of the window along each spatial axis
   * @throws ShapeMismatchException if an attribute has another length, or is not positive
   */
  public static Window of(Node node, int[] kernel) {
    return new Window(node, kernel.clone());
  }

  /**
   * Returns the window of a pooling node, whose attribute kernel_shape is required.
   *
   * @throws ShapeMismatchException if it is absent, or an attribute does not fit
   */
  public static Window ofKernelShape(Node node) {
    List<Long> stated =
        node.intsAttribute("kernel_shape")
            .orElseThrow(() -> new ShapeMismatchException("kernel_shape is missing"));
    return new Window(node, stated.stream().mapToInt(Math::toIntExact).toArray());
  }

  private static boolean flag(Node node, String attribute) {
    long value = node.intAttribute(attribute, 0);
    if (value != 0 && value != 1) {
      throw new ShapeMismatchException(attribute + " " + value + ", which is neither 0 nor 1");
    }
    return value == 1;
  }

  /** Tells whether indices of elements are counted column by column. */
  public boolean isColumnMajor() {
    return columnMajor;
  }

  /** Returns the number of spatial axes. */
  public int rank() {
    return kernel.length;
  }

  /** Returns the size of the window along an axis. */
  public int kernel(int axis) {
    return kernel[axis];
  }

  /** Returns the stride along an axis. */
  public int stride(int axis) {
    return strides[axis];
  }

  /** Returns the dilation along an axis. */
  public int dilation(int axis) {
    return dilations[axis];
  }

  /** Returns the padding before the first element of an axis of that size. */
  public int padBegin(int axis, long input) {
    return switch (autoPad) {
      case "VALID" -> 0;
      case "SAME_UPPER" -> Math.toIntExact(samePadding(axis, input) / 2);
      case "SAME_LOWER" -> Math.toIntExact((samePadding(axis, input) + 1) / 2);
      default -> pads[axis];
    };
  }

  /** Returns the padding behind the last element of an axis of that size. */
  public int padEnd(int axis, long input) {
    return switch (autoPad) {
      case "VALID" -> 0;
      case "SAME_UPPER" -> Math.toIntExact((samePadding(axis, input) + 1) / 2);
      case "SAME_LOWER" -> Math.toIntExact(samePadding(axis, input) / 2);
      default -> pads[axis + kernel.length];
    };
  }

  /**
   * Returns the number of windows along an axis of that size.
   *
   * @throws ShapeMismatchException if not one window fits
   */
  public long output(int axis, long input) {
    if (isSame()) {
      return ceilDiv(input, strides[axis]);
    }
    long begin = padBegin(axis, input);
    long room = input + begin + padEnd(axis, input) - reach(axis);
    if (room < 0) {
      throw new ShapeMismatchException(
          "a window of " + reach(axis) + " does not fit into " + input + " with its padding");
    }
    if (!ceil) {
      return room / strides[axis] + 1;
    }
    long output = ceilDiv(room, strides[axis]) + 1;
    return (output - 1) * strides[axis] >= input + begin ? output - 1 : output;
  }

  /** Returns {@link #output} for a dimension; a symbol stays where the size does not change. */
  Dimension output(int axis, Dimension input) {
    if (input instanceof Dimension.Known known) {
      return Dimension.of(output(axis, known.size()));
    }
    boolean kept = isSame() || padBegin(axis, 0) + padEnd(axis, 0) == reach(axis) - 1;
    return kept && strides[axis] == 1 ? input : Dimensions.unknown();
  }

  /**
   * Requires padding that is smaller than the window, so that the first and the last one reach the
   * input.
   *
   * @throws ShapeMismatchException if it is not
   */
  void requireInput(int axis) {
    boolean stated = !isSame() && !autoPad.equals("VALID");
    if (stated && Math.max(pads[axis], pads[axis + kernel.length]) >= reach(axis)) {
      throw new ShapeMismatchException(
          "pads " + Arrays.toString(pads) + " around a window of " + reach(axis));
    }
  }

  private boolean isSame() {
    return autoPad.equals("SAME_UPPER") || autoPad.equals("SAME_LOWER");
  }

  private long reach(int axis) {
    return (kernel[axis] - 1L) * dilations[axis] + 1;
  }

  private long samePadding(int axis, long input) {
    long output = ceilDiv(input, strides[axis]);
    return Math.max(0, (output - 1) * strides[axis] + reach(axis) - input);
  }

  private static long ceilDiv(long dividend, long divisor) {
    return (dividend + divisor - 1) / divisor;
  }

  private static int[] attribute(Node node, String name, int length, int defaultValue) {
    int[] values = new int[length];
    Arrays.fill(values, defaultValue);
    List<Long> stated = node.intsAttribute(name).orElse(List.of());
    if (!stated.isEmpty() && stated.size() != length) {
      throw new ShapeMismatchException(
          name + " " + stated + " should have " + length + " elements");
    }
    for (int i = 0; i < stated.size(); i++) {
      values[i] = Math.toIntExact(stated.get(i));
    }
    return values;
  }
}
