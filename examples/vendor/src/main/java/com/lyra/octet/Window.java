package com.lyra.octet;

import dev.octet.api.graph.Node;
import java.util.List;

/** Where a kernel stands over an image, along any number of axes. */
final class Window {

  private final long[] input;
  private final long[] kernel;
  private final long[] output;
  private final int[] strides;
  private final int[] dilations;
  private final int[] begins;

  Window(Node node, long[] input, long[] kernel) {
    this.input = input;
    this.kernel = kernel;
    this.output = new long[input.length];
    this.strides = new int[input.length];
    this.dilations = new int[input.length];
    this.begins = new int[input.length];
    String padding = node.stringAttribute("auto_pad", "NOTSET");
    for (int axis = 0; axis < input.length; axis++) {
      strides[axis] = stated(node, "strides", axis, 1);
      dilations[axis] = stated(node, "dilations", axis, 1);
      long extent = dilations[axis] * (kernel[axis] - 1) + 1;
      if (padding.startsWith("SAME")) {
        output[axis] = (input[axis] + strides[axis] - 1) / strides[axis];
        long both = Math.max(0, (output[axis] - 1) * strides[axis] + extent - input[axis]);
        begins[axis] = (int) (padding.equals("SAME_UPPER") ? both / 2 : both - both / 2);
      } else {
        begins[axis] = stated(node, "pads", axis, 0);
        long padded = input[axis] + begins[axis] + stated(node, "pads", axis + input.length, 0);
        output[axis] = padded < extent ? 0 : (padded - extent) / strides[axis] + 1;
      }
    }
  }

  private static int stated(Node node, String attribute, int index, long otherwise) {
    List<Long> values = node.intsAttribute(attribute).orElse(List.of());
    return Math.toIntExact(index < values.size() ? values.get(index) : otherwise);
  }

  long[] input() {
    return input;
  }

  long[] output() {
    return output;
  }

  /** Returns what each tap reads at each position, tap after tap; -1 in the padding. */
  int[] reads() {
    int taps = Shapes.count(kernel);
    int[] reads = new int[Shapes.count(output) * taps];
    for (int i = 0; i < reads.length; i++) {
      int[] at = Shapes.coordinates(i / taps, output);
      int[] tap = Shapes.coordinates(i % taps, kernel);
      for (int axis = 0; axis < input.length && reads[i] >= 0; axis++) {
        int from = at[axis] * strides[axis] + tap[axis] * dilations[axis] - begins[axis];
        boolean inside = from >= 0 && from < input[axis];
        reads[i] = inside ? reads[i] * (int) input[axis] + from : -1;
      }
    }
    return reads;
  }
}
