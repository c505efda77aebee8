package dev.octet.workflow.random;

/**
 * The generator SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators,
 * 2014): the state begins as the seed; each number adds 0x9E3779B97F4A7C15 to it, and mixes a copy
 * {@code z}: {@code z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9}, {@code z = (z ^ z >>> 27) *
 * 0x94D049BB133111EB}, {@code z ^ z >>> 31}. Not thread-safe.
 */
public final class SplitMix64 {

  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  /** Begins with a seed. */
  public SplitMix64(long seed) {
    this.state = seed;
  }

  /** Returns the next 64 bits. */
  public long next() {
    state += GOLDEN_GAMMA;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Returns the upper 53 of the next bits as a number in [0, 1). */
  public double nextShare() {
    return (next() >>> 11) * 0x1p-53;
  }

  /**
   * Returns a number below a bound: {@code (u * bound) >> 32} of the upper 32 of the next bits.
   *
   * @param bound at least 1
   */
  public int nextBelow(int bound) {
    return (int) (((next() >>> 32) * bound) >>> 32);
  }
}
