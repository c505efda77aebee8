package dev.octet.workflow.execution;

/** Hears how far some work on samples is. */
@FunctionalInterface
public interface Progress {

  /**
   * Some samples are done. Calls come one at a time, with rising numbers, from any of the threads
   * that work; what is thrown ends the work.
   *
   * @param done number of samples done so far
   * @param total number of all samples; {@code done} where it is not known
   */
  void samples(int done, int total);

  /** Returns a listener that does nothing. */
  static Progress none() {
    return (done, total) -> {};
  }
}
