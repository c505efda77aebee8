package dev.octet.workflow.source;

import dev.octet.api.graph.Tensor;

/** Matrices with rows and columns exchanged. */
final class TurnedMatrix {

  private TurnedMatrix() {}

  /** Returns the transpose of a FLOAT matrix. */
  static Tensor of(Tensor matrix) {
    int rows = (int) matrix.sizes()[0];
    int columns = (int) matrix.sizes()[1];
    float[] elements = matrix.floats();
    float[] turned = new float[elements.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        turned[column * rows + row] = elements[row * columns + column];
      }
    }
    return Tensor.of(turned, columns, rows);
  }
}
