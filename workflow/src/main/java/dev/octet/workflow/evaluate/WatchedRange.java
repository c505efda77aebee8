package dev.octet.workflow.evaluate;

import dev.octet.api.graph.Tensor;
import java.util.Optional;

/**
 * What is seen of float values that have a range. What is less than a step outside of it is rounded
 * to its end, and not counted as clamped: the zero point of a range is rounded, too. Not
 * thread-safe.
 */
final class WatchedRange {

  private final String node;
  private final IntegerRange range;
  private final boolean rounds;
  private final float lowest;
  private final float highest;
  private final float floor;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private double signal;
  private double noise;
  private long elements;
  private long clipped;
  private long rowLength;

  /**
   * Begins with nothing.
   *
   * @param node the node that gives the values
   * @param cutBelow whether what lies below the range is meant as its end, as minus infinity is
   * @param rounds whether it is measured what rounding costs
   */
  WatchedRange(String node, IntegerRange range, boolean cutBelow, boolean rounds) {
    this.node = node;
    this.range = range;
    this.rounds = rounds;
    IntegerRange wider = range.widened();
    this.highest = end(wider, 1);
    this.lowest = -end(wider, -1);
    this.floor = cutBelow ? (float) range.least() : Float.NEGATIVE_INFINITY;
  }

  /** Returns the largest float magnitude of a sign that a range does not clamp. */
  private static float end(IntegerRange range, int sign) {
    int inside = 0;
    int outside = Float.floatToIntBits(Float.POSITIVE_INFINITY);
    while (outside - inside > 1) {
      int middle = inside + (outside - inside) / 2;
      boolean clips = range.clips(sign * (double) Float.intBitsToFloat(middle));
      inside = clips ? inside : middle;
      outside = clips ? middle : outside;
    }
    return Float.intBitsToFloat(inside);
  }

  void add(Tensor values) {
    float[] floats = values.floats();
    for (float x : floats) {
      add(Math.max(x, floor));
    }
    if (rounds) {
      round(floats);
    }
    long[] sizes = values.sizes();
    rowLength = Math.max(rowLength, sizes.length == 0 ? 1 : sizes[sizes.length - 1]);
  }

  private void add(float x) {
    if (Float.isNaN(x)) {
      return;
    }
    elements++;
    if (x < lowest || x > highest) {
      clipped++;
    }
    if (Float.isFinite(x)) {
      min = Math.min(min, x);
      max = Math.max(max, x);
    }
  }

  private void round(float[] floats) {
    for (float x : floats) {
      double meant = Math.max(x, floor);
      if (Double.isFinite(meant)) {
        double error = meant - (range.integer(meant) - range.zeroPoint()) * range.scale();
        signal += meant * meant;
        noise += error * error;
      }
    }
  }

  /** Returns what was seen; empty when nothing was. */
  Optional<ActivationRange> seen(String value) {
    if (elements == 0) {
      return Optional.empty();
    }
    InputRange fit =
        new InputRange(value, range.least(), range.most(), min, max, elements, clipped);
    Optional<Sqnr> rounding = rounds ? Optional.of(new Sqnr(signal, noise)) : Optional.empty();
    return Optional.of(new ActivationRange(node, fit, range, rowLength, rounding));
  }
}
