package dev.octet.kernels.attention;

import dev.octet.api.graph.Node;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.KernelDataException;

/**
 * Turns pairs of the first elements of a row: {@code cos * a - sin * b} and {@code sin * a + cos *
 * b}, of neighbours if interleaved, else of the two halves of what is turned.
 *
 * @param turned the number of elements that are turned
 * @param interleaved whether pairs are neighbours
 */
record PairTurn(int turned, boolean interleaved) {

  PairTurn(int turned, Node node) {
    this(turned, node.intAttribute("interleaved", 0) != 0);
  }

  /** Returns the number of pairs, each with an angle of its own. */
  int angles() {
    return turned / 2;
  }

  /** Returns a row of a table of angles. */
  static int position(long stated, ArrayType table) {
    if (stated < 0 || stated >= table.size(0)) {
      throw new KernelDataException("position " + stated + " of " + table.size(0));
    }
    return (int) stated;
  }

  /**
   * Turns the pairs of a row.
   *
   * @param angles index of the first angle
   * @param at index of the first element of the row
   */
  void turn(double[] values, double[] cosines, double[] sines, int angles, int at, double[] y) {
    for (int i = 0; i < angles(); i++) {
      int first = at + (interleaved ? 2 * i : i);
      int second = first + (interleaved ? 1 : angles());
      double cos = cosines[angles + i];
      double sin = sines[angles + i];
      y[first] = cos * values[first] - sin * values[second];
      y[second] = sin * values[first] + cos * values[second];
    }
  }
}
