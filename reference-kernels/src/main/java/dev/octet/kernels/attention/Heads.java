package dev.octet.kernels.attention;

import dev.octet.kernels.array.ArrayType;

/**
 * Where the rows of heads begin in a tensor {@code [batch, heads, length, size]}, or {@code [batch,
 * length, heads * size]}.
 *
 * @param heads the number of heads
 * @param length the number of rows
 * @param size the elements of a row
 * @param flat whether the heads of a place stand beside each other
 */
record Heads(int heads, int length, int size, boolean flat) {

  static Heads of(ArrayType type, long heads) {
    return type.rank() == 3
        ? new Heads((int) heads, type.size(1), (int) (type.size(2) / heads), true)
        : new Heads(type.size(1), type.size(2), type.size(3), false);
  }

  int row(int batch, int head, int place) {
    return flat
        ? ((batch * length + place) * heads + head) * size
        : ((batch * heads + head) * length + place) * size;
  }
}
