package dev.octet.tck.graphs;

import dev.octet.api.graph.Tensor;
import java.util.SplittableRandom;

/** Floats from a seed and a name: the same on every machine. */
public final class RandomFloats {

  /** Multiplier of the name's hash, so that neighbouring seeds and names stay apart. */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

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
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.scalb((float) (random.nextDouble() * 2 - 1), (i / slice) % 3 - 1);
    }
    return Tensor.of(values, sizes);
  }
}
