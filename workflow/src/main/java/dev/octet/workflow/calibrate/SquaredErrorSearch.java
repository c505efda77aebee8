package dev.octet.workflow.calibrate;

import dev.octet.api.observer.Range;
import dev.octet.api.spec.Scheme.Symmetry;
import dev.octet.kernels.quantize.ParameterRule;
import java.util.Arrays;

/**
 * Searches the range with the least expected squared error of the grid that is finally used.
 *
 * <p>Each candidate range gives scale {@code s} and zero point {@code z} by {@link ParameterRule}.
 * With {@code u = x / s} and {@code k(u) = clamp(rne(u), qmin - z, qmax - z)}, the error of {@code
 * x} is {@code s^2 (u - k(u))^2}; its antiderivative is
 *
 * <pre>{@code F(u) = k(u) / 12 + (u - k(u))^3 / 3}</pre>
 *
 * because each whole cell of rounding contributes 1/12. The values of a bin are taken as spread
 * evenly over it, the outermost bins being cut at the observed minimum and maximum, so that the
 * expected error is the sum, over the bins from the smallest index up, of
 *
 * <pre>{@code s^2 * count * (F(u2) - F(u1)) / (u2 - u1)}</pre>
 *
 * and {@code s^2 * count * (u - k(u))^2} for a bin that is cut to a point. Zeros have no error. All
 * of it is in double arithmetic, in that order. Own derivation; the idea of integrating over evenly
 * filled bins is that of the histogram observer of PyTorch, which assumes an affine grid
 * throughout.
 *
 * <p>Candidates are the bin edges, clipped to the observed range: for an affine scheme every pair
 * of a lower edge at most zero and an upper edge at least zero; for a symmetric one every distance
 * from zero. {@link LatticeSearch} says which are tried; among equals the widest wins.
 */
final class SquaredErrorSearch {

  private final FilledBins bins;
  private final ParameterRule rule;

  private SquaredErrorSearch(Histogram histogram, ParameterRule rule) {
    this.bins = FilledBins.of(histogram);
    this.rule = rule;
  }

  static Range search(Histogram histogram, ParameterRule rule) {
    SquaredErrorSearch search = new SquaredErrorSearch(histogram, rule);
    boolean symmetric = rule.scheme().symmetry() == Symmetry.SYMMETRIC;
    return symmetric ? search.symmetric(histogram) : search.affine(histogram);
  }

  private Range symmetric(Histogram histogram) {
    float[] limits = symmetricLimits(histogram);
    int[] found =
        LatticeSearch.minimise(
            limits.length, 1, (i, j, best) -> error(-limits[i], limits[i], best));
    return new Range(histogram.min(), histogram.max()).within(limits[found[0]]);
  }

  private Range affine(Histogram histogram) {
    float[] lows = lows(histogram);
    float[] highs = highs(histogram);
    int[] found =
        LatticeSearch.minimise(
            lows.length, highs.length, (i, j, best) -> error(lows[i], highs[j], best));
    return new Range(lows[found[0]], highs[found[1]]);
  }

  /** Returns the expected squared error, summed over all values; infinity where it is no less. */
  private double error(float low, float high, double best) {
    if (!rule.hasScale(low, high)) {
      return Double.POSITIVE_INFINITY;
    }
    Grid grid = Grid.of(low, high, rule);
    return bins.isAtLeast(best, grid) ? Double.POSITIVE_INFINITY : bins.squaredError(grid);
  }

  private static float[] symmetricLimits(Histogram histogram) {
    float widest = Math.max(-histogram.min(), histogram.max());
    float nearest = Math.max(histogram.min(), -histogram.max());
    return edges(widest, nearest, histogram.binWidth());
  }

  private static float[] lows(Histogram histogram) {
    if (histogram.min() >= 0) {
      return new float[] {histogram.min()};
    }
    float[] lows = edges(-histogram.min(), -histogram.max(), histogram.binWidth());
    for (int i = 0; i < lows.length; i++) {
      lows[i] = -lows[i];
    }
    return histogram.max() > 0 ? withZero(lows) : lows;
  }

  private static float[] highs(Histogram histogram) {
    if (histogram.max() <= 0) {
      return new float[] {histogram.max()};
    }
    float[] highs = edges(histogram.max(), histogram.min(), histogram.binWidth());
    return histogram.min() < 0 ? withZero(highs) : highs;
  }

  /** Adds the candidate that keeps nothing of a side. */
  private static float[] withZero(float[] edges) {
    return Arrays.copyOf(edges, edges.length + 1);
  }

  /**
   * Returns the widest distance from zero and the bin edges below it that are above the nearest, in
   * falling order. Edges are float32 values: whole numbers below 2^13 times a power of two from
   * 2^-149 up.
   */
  private static float[] edges(float widest, float nearest, double width) {
    int last = (int) Math.ceil(widest / width) - 1;
    int first = (int) Math.floor(Math.max(nearest, 0f) / width) + 1;
    float[] edges = new float[Math.max(last - first + 1, 0) + 1];
    edges[0] = widest;
    for (int i = 1; i < edges.length; i++) {
      edges[i] = (float) ((last - i + 1) * width);
    }
    return edges;
  }
}
