package dev.octet.workflow.source;

import dev.octet.kernels.thread.Workers;
import java.util.Arrays;

/**
 * Sums over the inputs {@code x} of a layer on some data, in float64, one token after the other:
 * {@code x x'}, half the Hessian {@code 2 X X'} of the squared error of its results, and {@code x
 * (f - x)'}, where {@code f} is the input that the float model gives the layer for the same token.
 * The same tokens in the same order give the same bits, on any number of threads.
 */
final class Gram {

  /** Elements of a sum that are worth another thread. */
  private static final int GRAIN = 16;

  private final int size;
  private final double[] products;
  private final double[] differences;

  /**
   * Makes sums of nothing.
   *
   * @param size K, how many numbers an input has
   * @param differences whether the sums of {@code x (f - x)'} are wanted
   */
  Gram(int size, boolean differences) {
    this.size = size;
    this.products = new double[Math.multiplyExact(size, size)];
    this.differences = new double[differences ? size * size : 0];
  }

  /** Returns the sum of {@code x_i x_j}. */
  double product(int i, int j) {
    return products[i * size + j];
  }

  /** Returns the sum of {@code x_i (f_j - x_j)}. */
  double difference(int i, int j) {
    return differences[i * size + j];
  }

  /** Returns the mean of the sums of {@code x_i^2}. */
  double meanSquare() {
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += product(i, i);
    }
    return sum / size;
  }

  /** Tells whether every sum is a finite number. */
  boolean isFinite() {
    return Arrays.stream(products).allMatch(Double::isFinite)
        && Arrays.stream(differences).allMatch(Double::isFinite);
  }

  /**
   * Adds tokens.
   *
   * @param inputs {@code x} of each token, [tokens, K]
   * @param floats {@code f} of each token, which is not read where the differences are not wanted
   */
  void add(float[] inputs, float[] floats, Workers workers) {
    int count = inputs.length / size;
    workers.forRange(
        size,
        GRAIN,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            addProducts(i, inputs, count);
            if (differences.length > 0) {
              addDifferences(i, inputs, floats, count);
            }
          }
        });
  }

  private void addProducts(int row, float[] inputs, int count) {
    int base = row * size;
    for (int token = 0; token < count; token++) {
      int at = token * size;
      double x = inputs[at + row];
      for (int j = 0; j < size; j++) {
        products[base + j] += x * inputs[at + j];
      }
    }
  }

  private void addDifferences(int row, float[] inputs, float[] floats, int count) {
    int base = row * size;
    for (int token = 0; token < count; token++) {
      int at = token * size;
      double x = inputs[at + row];
      for (int j = 0; j < size; j++) {
        differences[base + j] += x * ((double) floats[at + j] - inputs[at + j]);
      }
    }
  }
}
