package dev.octet.kernels.image;

import dev.octet.kernels.shape.ShapeMismatchException;
import java.util.Arrays;

/**
 * How a Resize makes one axis: for each output position the input positions that take part, and
 * their weights, as the reference implementation of ONNX finds them, in double. Positions beyond
 * the ends are those of the ends. Immutable and thread-safe.
 */
final class ResizeAxis {

  private final int in;
  private final int out;
  private final int taps;
  private final int[] sources;
  private final double[] weights;
  private final boolean[] outside;

  private ResizeAxis(int in, int out, int taps) {
    this.in = in;
    this.out = out;
    this.taps = taps;
    this.sources = new int[out * taps];
    this.weights = new double[out * taps];
    this.outside = new boolean[out];
  }

  /**
   * Plans an axis.
   *
   * @param rule the attributes of the node
   * @param in the size of the input, at least 1 where the output has elements
   * @param out the size of the output
   * @param scale the stated or resulting scale
   * @param roi begin and end of the region, as parts of the input
   */
  static ResizeAxis of(ResizeRule rule, int in, int out, double scale, double[] roi) {
    int taps = taps(rule, scale);
    Math.multiplyExact(taps, out);
    ResizeAxis axis = new ResizeAxis(in, out, taps);
    for (int o = 0; o < out; o++) {
      double x = place(rule, o, in, out, scale, roi);
      axis.outside[o] =
          rule.place() == ResizeRule.Place.TF_CROP_AND_RESIZE && (x < 0 || x > in - 1);
      if (rule.mode() == ResizeRule.Mode.NEAREST) {
        axis.sources[o] = axis.clamped(rule.nearest().round(x));
        axis.weights[o] = 1;
      } else {
        axis.weigh(rule, o, x, Math.min(scale, 1));
      }
    }
    return axis;
  }

  /** More elements than these for one are no resizing of an image. */
  private static final double MOST_TAPS = 1 << 20;

  /** Elements that take part in an output element. */
  private static int taps(ResizeRule rule, double scale) {
    double grown = rule.antialias() ? Math.min(scale, 1) : 1;
    return switch (rule.mode()) {
      case NEAREST -> 1;
      case LINEAR -> window(1, grown);
      case CUBIC -> window(2, grown);
    };
  }

  private static int window(int radius, double scale) {
    double taps = -2 * Math.floor(-radius / scale);
    if (!(taps <= MOST_TAPS)) {
      throw new ShapeMismatchException("a scale of " + scale + " takes " + taps + " elements");
    }
    return (int) taps;
  }

  private static double place(ResizeRule rule, int o, int in, int out, double scale, double[] roi) {
    double length = scale * in;
    return switch (rule.place()) {
      case HALF_PIXEL -> (o + 0.5) / scale - 0.5;
      case TF_HALF_PIXEL_FOR_NN -> (o + 0.5) / scale;
      case PYTORCH_HALF_PIXEL -> length == 1 ? -0.5 : (o + 0.5) / scale - 0.5;
      case HALF_PIXEL_SYMMETRIC -> in / 2.0 * (1 - out / length) + (o + 0.5) / scale - 0.5;
      case ALIGN_CORNERS -> length == 1 ? 0 : o * (in - 1.0) / (length - 1);
      case ASYMMETRIC -> o / scale;
      case TF_CROP_AND_RESIZE ->
          roi[0] * (in - 1)
              + (length == 1
                  ? (roi[1] - roi[0]) * (in - 1) / 2
                  : o * (roi[1] - roi[0]) * (in - 1) / (length - 1));
    };
  }

  /** The elements of a window around x; of two that are equally far, the one before comes first. */
  private void weigh(ResizeRule rule, int o, double x, double scale) {
    double base = Math.ceil(x) - 1;
    double ratio = x - base;
    double grown = rule.antialias() ? scale : 1;
    double sum = 0;
    for (int t = 0; t < taps; t++) {
      double position = base + t - (taps / 2 - 1);
      double distance = (t - (taps / 2 - 1) - ratio) * grown;
      boolean excluded = rule.excludeOutside() && (position < 0 || position >= in);
      double weight = excluded ? 0 : weight(rule, Math.abs(distance));
      sources[o * taps + t] = clamped(position);
      weights[o * taps + t] = weight;
      sum += weight;
    }
    if ((rule.antialias() || rule.excludeOutside()) && sum != 0) {
      for (int t = o * taps; t < (o + 1) * taps; t++) {
        weights[t] /= sum;
      }
    }
  }

  private static double weight(ResizeRule rule, double x) {
    double a = rule.cubicA();
    if (rule.mode() == ResizeRule.Mode.LINEAR) {
      return Math.max(0, 1 - x);
    }
    if (x <= 1) {
      return ((a + 2) * x - (a + 3)) * x * x + 1;
    }
    return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
  }

  private int clamped(double position) {
    return (int) Math.max(0, Math.min(in - 1, position));
  }

  /** Tells whether the result along this axis is the input. */
  boolean isIdentity() {
    for (int o = 0; o < out; o++) {
      if (taps != 1 || sources[o] != o || outside[o]) {
        return false;
      }
    }
    return in == out;
  }

  int out() {
    return out;
  }

  /** Returns the input position of an output position where one element alone is chosen. */
  int source(int o) {
    return sources[o];
  }

  /** Tells whether an output position lies outside of the input. */
  boolean isOutside(int o) {
    return outside[o];
  }

  /**
   * Resamples lines.
   *
   * @param x elements {@code [outer, in, inner]}
   * @param inner elements between neighbours of the axis
   * @param extrapolation what stands outside of the input
   * @return elements {@code [outer, out, inner]}
   */
  double[] resample(double[] x, int outer, int inner, double extrapolation) {
    double[] y = new double[outer * out * inner];
    for (int line = 0; line < outer * out; line++) {
      int to = line * inner;
      int o = line % out;
      if (outside[o]) {
        Arrays.fill(y, to, to + inner, extrapolation);
        continue;
      }
      for (int t = o * taps; t < (o + 1) * taps; t++) {
        int from = (line / out * in + sources[t]) * inner;
        for (int i = 0; i < inner; i++) {
          y[to + i] += weights[t] * x[from + i];
        }
      }
    }
    return y;
  }
}
