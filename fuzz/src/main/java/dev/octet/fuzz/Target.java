package dev.octet.fuzz;

/** What reads files of a kind. Errors with an id are what it is for; anything else is a fault. */
@FunctionalInterface
interface Target {

  /**
   * Reads a file, and does with it what the commands do.
   *
   * @throws Exception whatever comes of it
   */
  void read(byte[] input) throws Exception;
}
