package dev.octet.workflow.image;

import dev.octet.api.image.Extent;
import dev.octet.api.image.Pixels;

/**
 * Resizing along one axis, by the rule of Pillow 13, which it equals bit for bit: output {@code i}
 * of {@code n} looks at {@code c = (i + 0.5) * s} with {@code s = in / n}, at the inputs from
 * {@code (int) (c - r + 0.5)} to {@code (int) (c + r + 0.5)} exclusive, cut to those that exist,
 * where {@code r = support * max(s, 1)}: when an image shrinks, the filter grows, so that nothing
 * is left out. Input {@code k} weighs {@code w((k - c + 0.5) / max(s, 1))}, divided by the sum of
 * the weights; all of that in float64, each operation rounded once. The quotients become integers
 * of 2^22, halves away from zero, and a level is {@code (sum weight * level + 2^21) >> 22}, cut to
 * 0 to 255.
 *
 * <p>One axis comes after the other, with levels of 8 bits between them; an axis whose size stays
 * is left alone. The width comes first, unless rows are lost and twice the columns that are lost
 * (negative where columns are won) are fewer than those rows: then the height does. That is the
 * order of Pillow 13; before it the width always came first.
 */
final class Resampling {

  private static final int BITS = 22;

  private final int[] first;
  private final int[][] weights;

  private Resampling(int[] first, int[][] weights) {
    this.first = first;
    this.weights = weights;
  }

  /** Resizes an image. */
  static Pixels resize(Pixels image, Extent size, Filter filter) {
    return rowsFirst(image.extent(), size)
        ? inWidth(inHeight(image, size, filter), size, filter)
        : inHeight(inWidth(image, size, filter), size, filter);
  }

  private static boolean rowsFirst(Extent from, Extent to) {
    int fewerRows = from.height() - to.height();
    return fewerRows > 0 && 2 * (from.width() - to.width()) < fewerRows;
  }

  private static Pixels inWidth(Pixels image, Extent size, Filter filter) {
    int width = image.extent().width();
    return width == size.width() ? image : of(width, size.width(), filter).columns(image);
  }

  private static Pixels inHeight(Pixels image, Extent size, Filter filter) {
    int height = image.extent().height();
    return height == size.height() ? image : of(height, size.height(), filter).rows(image);
  }

  private static Resampling of(int in, int out, Filter filter) {
    double scale = (double) in / out;
    double filterScale = Math.max(scale, 1);
    double support = filter.support() * filterScale;
    int[] first = new int[out];
    int[][] weights = new int[out][];
    for (int i = 0; i < out; i++) {
      double center = (i + 0.5) * scale;
      int from = Math.max(0, (int) (center - support + 0.5));
      int to = Math.min(in, (int) (center + support + 0.5));
      double[] reals = new double[to - from];
      for (int k = 0; k < reals.length; k++) {
        reals[k] = filter.weight((k + from - center + 0.5) * (1 / filterScale));
      }
      first[i] = from;
      weights[i] = fixed(reals);
    }
    return new Resampling(first, weights);
  }

  private static int[] fixed(double[] reals) {
    double sum = 0;
    for (double real : reals) {
      sum += real;
    }
    int[] fixed = new int[reals.length];
    for (int k = 0; k < fixed.length; k++) {
      double share = sum == 0 ? reals[k] : reals[k] / sum;
      fixed[k] = (int) (share * (1 << BITS) + (share < 0 ? -0.5 : 0.5));
    }
    return fixed;
  }

  private Pixels columns(Pixels image) {
    int channels = image.channels();
    Extent size = new Extent(image.extent().height(), first.length);
    byte[] levels = new byte[Math.multiplyExact(size.height() * channels, first.length)];
    int at = 0;
    for (int y = 0; y < size.height(); y++) {
      int row = y * image.extent().width();
      for (int x = 0; x < first.length; x++) {
        for (int c = 0; c < channels; c++) {
          int from = (row + first[x]) * channels + c;
          levels[at++] = level(weights[x], image.levels(), from, channels);
        }
      }
    }
    return new Pixels(size, channels, levels);
  }

  private Pixels rows(Pixels image) {
    int row = image.extent().width() * image.channels();
    byte[] levels = new byte[Math.multiplyExact(row, first.length)];
    int at = 0;
    for (int y = 0; y < first.length; y++) {
      for (int i = 0; i < row; i++) {
        levels[at++] = level(weights[y], image.levels(), first[y] * row + i, row);
      }
    }
    return new Pixels(new Extent(first.length, image.extent().width()), image.channels(), levels);
  }

  private static byte level(int[] weights, byte[] levels, int from, int step) {
    int sum = 1 << (BITS - 1);
    int at = from;
    for (int weight : weights) {
      sum += weight * (levels[at] & 0xff);
      at += step;
    }
    return (byte) Math.max(0, Math.min(255, sum >> BITS));
  }
}
