package dev.octet.kernels.exact;

import dev.octet.api.graph.Node;
import java.util.Arrays;

/**
 * Which input element lies under a tap of a window at an output position.
 *
 * <p>Computed here once more from the standard, not taken from the kernels: an oracle that shared
 * their geometry would repeat their errors.
 */
@SuppressWarnings("ArrayRecordComponent") // Internal: never compared, never handed out.
record Windows(int[] in, int[] out, int[] kernel, int[] strides, int[] dilations, int[] begin) {

  /** The windows of a convolution with weights [M, C / group, spatial...]. */
  static Windows ofConvolution(Node node, QuantizedOperand x, QuantizedOperand w, int[] result) {
    return of(node, x.sizes(), Arrays.copyOfRange(w.sizes(), 2, w.rank()), result);
  }

  /** The windows of a pool, whose kernel is the attribute kernel_shape. */
  static Windows ofPool(Node node, int[] input, int[] result) {
    return of(node, input, ints(node, "kernel_shape", input.length - 2, 1), result);
  }

  private static Windows of(Node node, int[] input, int[] kernel, int[] result) {
    int spatial = kernel.length;
    int[] in = Arrays.copyOfRange(input, 2, input.length);
    int[] out = Arrays.copyOfRange(result, 2, result.length);
    int[] strides = ints(node, "strides", spatial, 1);
    int[] dilations = ints(node, "dilations", spatial, 1);
    int[] begin = Arrays.copyOf(ints(node, "pads", 2 * spatial, 0), spatial);
    String auto = node.stringAttribute("auto_pad", "NOTSET");
    for (int i = 0; i < spatial && !auto.equals("NOTSET"); i++) {
      int needed = (out[i] - 1) * strides[i] + (kernel[i] - 1) * dilations[i] + 1 - in[i];
      int total = auto.equals("VALID") ? 0 : Math.max(0, needed);
      begin[i] = auto.equals("SAME_LOWER") ? total - total / 2 : total / 2;
    }
    return new Windows(in, out, kernel, strides, dilations, begin);
  }

  int positions() {
    return Indices.product(out, 0, out.length);
  }

  int inputs() {
    return Indices.product(in, 0, in.length);
  }

  int taps() {
    return Indices.product(kernel, 0, kernel.length);
  }

  /** The offset of the input element in its channel; -1 for padding. */
  int offset(int position, int tap) {
    int offset = 0;
    int weight = 1;
    int where = position;
    int which = tap;
    for (int i = in.length - 1; i >= 0; i--) {
      int at = where % out[i] * strides[i] + which % kernel[i] * dilations[i] - begin[i];
      where /= out[i];
      which /= kernel[i];
      if (at < 0 || at >= in[i]) {
        return -1;
      }
      offset += at * weight;
      weight *= in[i];
    }
    return offset;
  }

  /** The taps of a window that lie inside the padded input. */
  int counted(Node node, int position) {
    int[] pads = ints(node, "pads", 2 * in.length, 0);
    boolean stated = node.stringAttribute("auto_pad", "NOTSET").equals("NOTSET");
    int count = 1;
    int where = position;
    for (int i = in.length - 1; i >= 0; i--) {
      int start = where % out[i] * strides[i];
      where /= out[i];
      int end = stated ? in[i] + begin[i] + pads[in.length + i] : Integer.MAX_VALUE;
      int along = 0;
      for (int tap = 0; tap < kernel[i]; tap++) {
        along += start + tap * dilations[i] < end ? 1 : 0;
      }
      count *= along;
    }
    return count;
  }

  static int[] ints(Node node, String name, int count, int fallback) {
    int[] values = new int[count];
    Arrays.fill(values, fallback);
    node.intsAttribute(name).ifPresent(v -> Arrays.setAll(values, i -> Math.toIntExact(v.get(i))));
    return values;
  }
}
