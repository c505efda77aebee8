package dev.octet.kernels.exact;

import dev.octet.api.graph.Node;
import java.util.Arrays;

/**
 * Which input element a tap of a transposed convolution takes to an output position: the one at
 * {@code i} with {@code i * stride + tap * dilation - begin = position}, along every axis.
 *
 * <p>Computed here once more from the standard, not taken from the kernels: an oracle that shared
 * their geometry would repeat their errors.
 */
@SuppressWarnings("ArrayRecordComponent") // Internal: never compared, never handed out.
record TransposedWindows(
    int[] in, int[] out, int[] kernel, int[] strides, int[] dilations, int[] begin) {

  /** The windows of weights [C, M / group, spatial...]. */
  static TransposedWindows of(Node node, QuantizedOperand x, QuantizedOperand w, int[] result) {
    int spatial = result.length - 2;
    int[] in = Arrays.copyOfRange(x.sizes(), 2, x.rank());
    int[] out = Arrays.copyOfRange(result, 2, result.length);
    int[] kernel = Arrays.copyOfRange(w.sizes(), 2, w.rank());
    int[] strides = Windows.ints(node, "strides", spatial, 1);
    int[] dilations = Windows.ints(node, "dilations", spatial, 1);
    int[] more = Windows.ints(node, "output_padding", spatial, 0);
    int[] begin = Arrays.copyOf(Windows.ints(node, "pads", 2 * spatial, 0), spatial);
    String auto = node.stringAttribute("auto_pad", "NOTSET");
    boolean stated = node.intsAttribute("output_shape").isPresent();
    for (int i = 0; i < spatial; i++) {
      int reached =
          strides[i] * (in[i] - 1) + more[i] + (kernel[i] - 1) * dilations[i] + 1 - out[i];
      int total = Math.max(0, reached);
      if (auto.equals("SAME_UPPER")) {
        begin[i] = total / 2;
      } else if (stated || auto.equals("SAME_LOWER")) {
        begin[i] = total - total / 2;
      } else if (auto.equals("VALID")) {
        begin[i] = 0;
      }
    }
    return new TransposedWindows(in, out, kernel, strides, dilations, begin);
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

  /** The offset of the input element in its channel; -1 where there is none. */
  int offset(int position, int tap) {
    int offset = 0;
    int weight = 1;
    int where = position;
    int which = tap;
    for (int i = in.length - 1; i >= 0; i--) {
      int steps = where % out[i] + begin[i] - which % kernel[i] * dilations[i];
      where /= out[i];
      which /= kernel[i];
      if (steps < 0 || steps % strides[i] != 0 || steps / strides[i] >= in[i]) {
        return -1;
      }
      offset += steps / strides[i] * weight;
      weight *= in[i];
    }
    return offset;
  }
}
