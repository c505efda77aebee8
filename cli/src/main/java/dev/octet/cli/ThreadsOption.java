package dev.octet.cli;

import dev.octet.api.error.OctetException;
import picocli.CommandLine.Option;

/** The option of every command that computes. */
final class ThreadsOption {

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Threads that compute; all processors when not given. The result does not depend on it.")
  private int threads = Runtime.getRuntime().availableProcessors();

  /**
   * Returns the number of threads.
   *
   * @throws OctetException {@code OCT-CLI-012} if it is below 1
   */
  int count() {
    if (threads < 1) {
      throw CommandErrors.THREADS.error("--threads is " + threads).at("--threads").build();
    }
    return threads;
  }
}
