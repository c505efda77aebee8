package dev.octet.workflow.execution;

/** Hears how far some work on samples is. */
@FunctionalInterface
public interface Progress {

  /**
   * Some samples are done. Calls come with rising numbers, on the thread that called for the work;
   * what is thrown ends the work. Where several threads work on samples of their own, they come as
   * often as that thread has done some, and count those of all.
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
