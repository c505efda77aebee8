package dev.octet.cli;

import dev.octet.api.error.OctetException;
import dev.octet.workflow.execution.Execution;
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
   * Returns how the command computes.
   *
   * @throws OctetException {@code OCT-CLI-012} if the number of threads is below 1
   */
  Execution execution() {
    if (threads < 1) {
      throw CommandErrors.THREADS.error("--threads is " + threads).at("--threads").build();
    }
    return Execution.threads(threads);
  }
}
