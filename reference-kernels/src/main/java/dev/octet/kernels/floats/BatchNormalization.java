package dev.octet.kernels.floats;

import dev.octet.api.graph.Node;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.thread.Workers;
import org.jspecify.annotations.Nullable;

/**
 * BatchNormalization for inference: {@code fma(x - mean, a, bias)} per channel, where {@code a =
 * scale / sqrt(variance + epsilon)} is computed in double and rounded to float32 once, and {@code x
 * - mean} is rounded to float32. With spatial 0, which operator sets 7 and 8 have, every element of
 * an image has scale, bias, mean and variance of its own.
 */
final class BatchNormalization implements Kernel {

  private final int images;
  private final int channels;
  private final int plane;
  private final float epsilon;

  private BatchNormalization(ArrayType x, boolean spatial, float epsilon) {
    int channelEnd = spatial ? Math.min(2, x.rank()) : x.rank();
    this.images = x.rank() == 0 ? 1 : x.size(0);
    this.channels = x.product(Math.min(1, x.rank()), channelEnd);
    this.plane = x.product(channelEnd, x.rank());
    this.epsilon = epsilon;
  }

  static Kernel prepare(Preparation preparation) {
    Node node = preparation.node();
    float epsilon = node.floatAttribute("epsilon", 1e-5f);
    boolean spatial = preparation.opset() >= 9 || node.intAttribute("spatial", 1) != 0;
    return new BatchNormalization(preparation.operand(0), spatial, epsilon);
  }

  @Override
  public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
    float[] x = (float[]) operands[0];
    float[] scale = (float[]) operands[1];
    float[] bias = (float[]) operands[2];
    float[] mean = (float[]) operands[3];
    float[] variance = (float[]) operands[4];
    float[] y = (float[]) results[0];
    workers.forRange(
        images * channels,
        Math.max(1, FloatUnary.GRAIN / Math.max(1, plane)),
        (from, to) -> {
          for (int i = from; i < to; i++) {
            int c = i % channels;
            double root = Math.sqrt((double) variance[c] + epsilon);
            float a = (float) (scale[c] / root);
            normalise(x, y, i * plane, (i + 1) * plane, mean[c], a, bias[c]);
          }
        });
  }

  private static void normalise(
      float[] x, float[] y, int from, int to, float mean, float a, float bias) {
    for (int i = from; i < to; i++) {
      y[i] = Math.fma(x[i] - mean, a, bias);
    }
  }
}
