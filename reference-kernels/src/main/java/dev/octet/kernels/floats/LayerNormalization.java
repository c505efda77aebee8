package dev.octet.kernels.floats;

import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.index.Broadcast;
import dev.octet.kernels.shape.Dimensions;
import dev.octet.kernels.thread.Workers;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * LayerNormalization over the dimensions from the axis on. In double, in the order of the elements:
 * {@code mean = sum(x) / n}, {@code variance = sum((x - mean)^2) / n}, {@code (x - mean) /
 * sqrt(variance + epsilon) * scale + bias}; rounded to float32 once.
 */
final class LayerNormalization implements Kernel {

  private final int rows;
  private final int length;
  private final float epsilon;
  private final Broadcast scaleWalk;
  private final Broadcast biasWalk;

  private LayerNormalization(
      int rows, int length, float epsilon, Broadcast scaleWalk, Broadcast biasWalk) {
    this.rows = rows;
    this.length = length;
    this.epsilon = epsilon;
    this.scaleWalk = scaleWalk;
    this.biasWalk = biasWalk;
  }

  static Kernel prepare(Preparation preparation) {
    ArrayType x = preparation.operand(0);
    int axis = Dimensions.axis(preparation.node().intAttribute("axis", -1), x.rank());
    int[] normalised = Arrays.copyOfRange(x.sizes(), axis, x.rank());
    int[] bias = preparation.has(2) ? preparation.operand(2).sizes() : new int[0];
    return new LayerNormalization(
        x.product(0, axis),
        x.product(axis, x.rank()),
        preparation.node().floatAttribute("epsilon", 1e-5f),
        Broadcast.of(normalised, preparation.operand(1).sizes()),
        Broadcast.of(normalised, bias));
  }

  @Override
  public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
    float[] x = (float[]) operands[0];
    float[] scale = (float[]) operands[1];
    float[] bias = operands.length > 2 ? (float[]) operands[2] : null;
    float[] y = (float[]) results[0];
    float[] means = results.length > 1 ? (float[]) results[1] : null;
    float[] deviations = results.length > 2 ? (float[]) results[2] : null;
    workers.forRange(
        rows,
        Math.max(1, FloatUnary.GRAIN / Math.max(1, length)),
        (from, to) -> {
          for (int row = from; row < to; row++) {
            double mean = mean(x, row * length);
            double inverse = 1 / Math.sqrt(variance(x, row * length, mean) + epsilon);
            normalise(x, y, row * length, mean, inverse, scale, bias);
            if (means != null) {
              means[row] = (float) mean;
            }
            if (deviations != null) {
              deviations[row] = (float) inverse;
            }
          }
        });
  }

  private double mean(float[] x, int at) {
    double sum = 0;
    for (int i = at; i < at + length; i++) {
      sum += x[i];
    }
    return sum / length;
  }

  private double variance(float[] x, int at, double mean) {
    double sum = 0;
    for (int i = at; i < at + length; i++) {
      sum += (x[i] - mean) * (x[i] - mean);
    }
    return sum / length;
  }

  private void normalise(
      float[] x,
      float[] y,
      int at,
      double mean,
      double inverse,
      float[] scale,
      float @Nullable [] bias) {
    for (int i = 0; i < length; i++) {
      double scaled = (x[at + i] - mean) * inverse * scale[scaleWalk.index(0, i)];
      y[at + i] = (float) (bias == null ? scaled : scaled + bias[biasWalk.index(0, i)]);
    }
  }
}
