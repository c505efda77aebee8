package dev.octet.fuzz;

import java.util.List;
import java.util.SplittableRandom;

/**
 * A kind of file that Octet reads.
 *
 * @param name a word
 * @param seeds small valid files
 * @param structure how they are built
 * @param target what reads them
 */
record Format(String name, List<byte[]> seeds, Structure structure, Target target) {

  /** One place is damaged half of the time, 2 places a quarter of it, 4 or 8 the rest of it. */
  private static final int[] ROUNDS = {1, 1, 1, 1, 2, 2, 4, 8};

  private static final int MOST_BYTES = 1 << 20;

  /** Copies the list, not the files. */
  Format {
    seeds = List.copyOf(seeds);
  }

  /** Returns this kind, read by something else. */
  Format readBy(Target other) {
    return new Format(name, seeds, structure, other);
  }

  /**
   * Returns an input: first the seeds as they are, then seeds that are damaged in 1 to 8 places. A
   * function of its arguments, so that each can be made again.
   *
   * @param seed of the run
   * @param index from 0
   */
  byte[] input(long seed, long index) {
    if (index < seeds.size()) {
      return seeds.get((int) index);
    }
    SplittableRandom random = new SplittableRandom(seed * 31 + name.hashCode() + (index << 20));
    byte[] input = seeds.get(random.nextInt(seeds.size()));
    int rounds = ROUNDS[random.nextInt(ROUNDS.length)];
    for (int i = 0; i < rounds && input.length < MOST_BYTES; i++) {
      input = structure.mutate(input, seeds, random);
    }
    return input;
  }
}
