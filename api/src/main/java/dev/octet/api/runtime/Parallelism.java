package dev.octet.api.runtime;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;

/** How many threads compute, and whose they are. Immutable. */
public final class Parallelism {

  private final int threads;
  private final Optional<Executor> executor;

  private Parallelism(int threads, Optional<Executor> executor) {
    this.threads = threads;
    this.executor = executor;
  }

  /**
   * Asks for a number of threads, which whoever computes starts itself.
   *
   * @param threads threads that may compute for one run, the calling thread among them; at least 1
   */
  public static Parallelism threads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads " + threads + " is below 1");
    }
    return new Parallelism(threads, Optional.empty());
  }

  /**
   * Returns this with the threads of an executor in the place of those that a runtime would start:
   * the runtime starts none and never shuts the executor down. A runtime that cannot compute on the
   * threads of others, such as a native library, says so and goes by {@link #threads()}.
   *
   * @param executor what lends its threads. The calling thread takes part in the work and waits for
   *     no task that has not begun, so any executor will do: one that refuses tasks, runs them in
   *     the calling thread, or is busy with the caller itself
   */
  public Parallelism on(Executor executor) {
    return new Parallelism(threads, Optional.of(Objects.requireNonNull(executor, "executor")));
  }

  /** Returns how many threads may compute for one run, the calling thread among them. */
  public int threads() {
    return threads;
  }

  /** Returns what lends its threads; empty where a runtime starts threads itself. */
  public Optional<Executor> executor() {
    return executor;
  }

  /** Returns the number of threads, and whether they are those of an executor. */
  @Override
  public String toString() {
    return executor.isPresent() ? threads + " threads of an executor" : threads + " threads";
  }
}
