package dev.octet.api.runtime;

/**
 * How a model is run.
 *
 * @param threads number of threads that may compute, at least 1
 */
public record RuntimeOptions(int threads) {

  /** Checks the number of threads. */
  public RuntimeOptions {
    if (threads < 1) {
      throw new IllegalArgumentException("threads " + threads + " is below 1");
    }
  }
}
