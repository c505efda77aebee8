package dev.octet.workflow.source;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Tensor;
import dev.octet.workflow.source.LinearLayer.Form;
import java.util.Arrays;

/** Makes each weight the nearest integer of its scale. */
final class NearestRounding {

  private final WeightMatrix matrix;

  private NearestRounding(WeightMatrix matrix) {
    this.matrix = matrix;
  }

  /**
   * Quantizes a weight.
   *
   * @param name what messages call it by
   * @param weight the constant, FLOAT
   * @param form how it is stored
   * @param rule what becomes of it
   * @throws OctetException {@code OCT-SRC-002} if an element is NaN or infinite; {@code
   *     OCT-SRC-003} if a scale is beyond its type
   */
  static WeightMatrix quantize(String name, Tensor weight, Form form, LayerRule rule) {
    WeightMatrix matrix = WeightMatrix.of(name, weight, form, rule);
    chooseAlone(matrix);
    new NearestRounding(matrix).round();
    return matrix;
  }

  /**
   * Quantizes a weight, as {@link #quantize} does, and returns what is stored: integers of a weight
   * that stays in its file are made of it again when they are written.
   */
  static StoredWeight stored(String name, Tensor weight, Form form, LayerRule rule) {
    return quantize(name, weight, form, rule)
        .stored()
        .remadeFrom(weight, () -> quantize(name, weight, form, rule).packed());
  }

  /** Chooses every scale for the weights as they are, an error of each counting the same. */
  static void chooseAlone(WeightMatrix matrix) {
    if (matrix.hasOneScale()) {
      float[] all = new float[matrix.rows() * matrix.columns()];
      for (int row = 0; row < matrix.rows(); row++) {
        float[] weights = matrix.weights(row, 0);
        System.arraycopy(weights, 0, all, row * weights.length, weights.length);
      }
      matrix.choose(0, 0, all, ones(all.length));
      return;
    }
    for (int row = 0; row < matrix.rows(); row++) {
      for (int group = 0; group < matrix.groups(); group++) {
        float[] weights = matrix.weights(row, group);
        matrix.choose(row, group, weights, ones(weights.length));
      }
    }
  }

  private static double[] ones(int count) {
    double[] ones = new double[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  private void round() {
    for (int row = 0; row < matrix.rows(); row++) {
      for (int group = 0; group < matrix.groups(); group++) {
        matrix.roundToNearest(row, group);
      }
    }
  }
}
