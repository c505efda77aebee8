package dev.octet.fuzz;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** How files of a kind are built: how they are damaged, and how they become smaller. Stateless. */
interface Structure {

  /**
   * Damages a file in one place.
   *
   * @param input the file, which stays as it is
   * @param pool files of the same kind to take parts from, at least one
   * @param random decides everything
   */
  byte[] mutate(byte[] input, List<byte[]> pool, SplittableRandom random);

  /** Returns smaller files, those that lack the most first; each is made when it is asked for. */
  Stream<byte[]> smaller(byte[] input);
}
