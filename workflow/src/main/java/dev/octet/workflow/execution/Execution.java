package dev.octet.workflow.execution;

import dev.octet.api.runtime.Cancellation;
import dev.octet.api.runtime.Parallelism;
import java.util.Objects;
import java.util.concurrent.Executor;

/**
 * How work is done: on which threads, who hears how far it is, and what cancels it. No result
 * depends on it. Immutable; one may serve many pieces of work, also at the same time, as far as its
 * progress and cancellation allow.
 *
 * <p>Cancelled work ends with {@code OCT-RUN-007}; it leaves nothing half-written and no thread of
 * Octet's behind. Work whose calling thread is interrupted ends as well.
 */
public final class Execution {

  private final Parallelism parallelism;
  private final Progress progress;
  private final Cancellation cancellation;

  private Execution(Parallelism parallelism, Progress progress, Cancellation cancellation) {
    this.parallelism = parallelism;
    this.progress = Objects.requireNonNull(progress, "progress");
    this.cancellation = Objects.requireNonNull(cancellation, "cancellation");
  }

  /** Returns the one that computes on all processors, tells nobody and is never cancelled. */
  public static Execution standard() {
    return threads(Runtime.getRuntime().availableProcessors());
  }

  /**
   * Returns {@link #standard()} with a number of threads.
   *
   * @param threads threads that may compute, the calling thread among them; at least 1
   */
  public static Execution threads(int threads) {
    return new Execution(Parallelism.threads(threads), Progress.none(), Cancellation.never());
  }

  /**
   * Returns this execution with the threads of an executor in the place of those that Octet would
   * start; as many tasks at a time as {@link #threads} says, the calling thread's among them.
   *
   * @param executor any, see {@link Parallelism#on}; it is never shut down
   */
  public Execution on(Executor executor) {
    return new Execution(parallelism.on(executor), progress, cancellation);
  }

  /** Returns this execution with a listener that hears how far the work is. */
  public Execution progress(Progress progress) {
    return new Execution(parallelism, progress, cancellation);
  }

  /** Returns this execution with what cancels it. */
  public Execution cancellation(Cancellation cancellation) {
    return new Execution(parallelism, progress, cancellation);
  }

  /** Returns on which threads the work is done. */
  public Parallelism parallelism() {
    return parallelism;
  }

  /** Returns who hears how far the work is. */
  public Progress progress() {
    return progress;
  }

  /** Returns what cancels the work. */
  public Cancellation cancellation() {
    return cancellation;
  }

  /** Returns on which threads. */
  @Override
  public String toString() {
    return parallelism.toString();
  }
}
