package dev.octet.kernels.integer;

import dev.octet.api.graph.Node;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.primitive.ConvGeometry;
import java.util.Arrays;

/**
 * The windows of an average pool: for each output position, the offsets of the input elements that
 * it covers, in row-major order, and the number to divide by.
 */
final class PoolWindows {

  private final int planes;
  private final int inputPositions;
  private final int[][] inside;
  private final int[] divisors;

  private PoolWindows(ConvGeometry geometry, boolean countPads) {
    this.planes = geometry.batch() * geometry.groups();
    this.inputPositions = geometry.inputPositions();
    this.inside = new int[geometry.positions()][];
    this.divisors = new int[inside.length];
    for (int position = 0; position < inside.length; position++) {
      int[] start = start(geometry, position);
      inside[position] = inside(geometry, start);
      divisors[position] = countPads ? padded(geometry, start) : inside[position].length;
    }
  }

  /** Returns the windows of a node. */
  static PoolWindows of(Preparation preparation, int x) {
    ConvGeometry geometry = ConvGeometry.ofPool(preparation, x);
    Node node = preparation.node();
    boolean countPads = node.intAttribute("count_include_pad", 0) != 0;
    return new PoolWindows(geometry, countPads);
  }

  int planes() {
    return planes;
  }

  int inputPositions() {
    return inputPositions;
  }

  int positions() {
    return inside.length;
  }

  int[] inside(int position) {
    return inside[position];
  }

  int divisor(int position) {
    return divisors[position];
  }

  private static int[] start(ConvGeometry geometry, int position) {
    int[] start = new int[geometry.out().length];
    int rest = position;
    for (int i = start.length - 1; i >= 0; i--) {
      start[i] = rest % geometry.out()[i] * geometry.strides()[i] - geometry.pads()[i];
      rest /= geometry.out()[i];
    }
    return start;
  }

  private static int[] inside(ConvGeometry geometry, int[] start) {
    int[] offsets = new int[geometry.taps()];
    int count = 0;
    for (int tap = 0; tap < offsets.length; tap++) {
      int offset = offset(geometry, start, tap);
      if (offset >= 0) {
        offsets[count++] = offset;
      }
    }
    return Arrays.copyOf(offsets, count);
  }

  /** The offset of the input element under a tap; -1 outside the input. */
  private static int offset(ConvGeometry geometry, int[] start, int tap) {
    int rest = tap;
    int offset = 0;
    int weight = 1;
    for (int i = start.length - 1; i >= 0; i--) {
      int index = start[i] + rest % geometry.kernel()[i] * geometry.dilations()[i];
      rest /= geometry.kernel()[i];
      if (index < 0 || index >= geometry.in()[i]) {
        return -1;
      }
      offset += index * weight;
      weight *= geometry.in()[i];
    }
    return offset;
  }

  /** The taps inside the padded input: with ceil_mode a window may reach beyond the padding. */
  private static int padded(ConvGeometry geometry, int[] start) {
    int count = 1;
    for (int i = 0; i < start.length; i++) {
      int end = geometry.in()[i] + geometry.padsAfter()[i];
      int along = 0;
      for (int tap = 0; tap < geometry.kernel()[i]; tap++) {
        along += start[i] + tap * geometry.dilations()[i] < end ? 1 : 0;
      }
      count *= along;
    }
    return count;
  }
}
