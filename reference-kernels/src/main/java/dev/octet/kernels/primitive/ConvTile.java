package dev.octet.kernels.primitive;

/**
 * Neighbouring output positions of one plane: whole lines, or a part of one line.
 *
 * @param outer index of the plane among the output's outer positions, 0 for two spatial dimensions
 * @param line the first line
 * @param lines how many
 * @param column the first column
 * @param columns how many; fewer than a line has only when {@code lines} is 1
 */
record ConvTile(int outer, int line, int lines, int column, int columns) {

  int positions() {
    return lines * columns;
  }
}
