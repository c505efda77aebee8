package dev.octet.tck.graphs;

import dev.octet.api.graph.Tensor;
import java.util.SplittableRandom;

/** Floats from a seed and a name: the same on every machine. */
public final class RandomFloats {

  /** Multiplier of the name's hash, so that neighbouring seeds and names stay apart. */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  /** Of neighbouring slices; powers of two, so that a product with them is exact. */
  private static final float[] RANGES = {0.5f, 1, 2};

  private RandomFloats() {}

  /** Returns the generator of a name. {@link String#hashCode} is specified, so it is stable. */
  public static SplittableRandom generator(long seed, String name) {
    return new SplittableRandom(seed ^ (SPREAD * name.hashCode()));
  }

  /**
   * Returns floats in [-1, 1), each slice along the first axis times a power of two of its own, so
   * that channels have different ranges.
   */
  public static Tensor tensor(long seed, String name, long... sizes) {
    SplittableRandom random = generator(seed, name);
    long count = 1;
    for (long size : sizes) {
      count = Math.multiplyExact(count, size);
    }
    float[] values = new float[Math.toIntExact(count)];
    int slice =
        sizes.length == 0 || sizes[0] == 0 ? 1 : Math.max(1, values.length / (int) sizes[0]);
    for (int start = 0, number = 0; start < values.length; start += slice, number++) {
      float range = RANGES[number % RANGES.length];
      for (int i = start; i < Math.min(start + slice, values.length); i++) {
        values[i] = (float) (random.nextDouble() * 2 - 1) * range;
      }
    }
    return Tensor.of(values, sizes);
  }
}
