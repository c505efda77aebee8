package dev.octet.api.runtime;

import java.util.Objects;
import java.util.function.Supplier;

/**
 * Lets the runs of a loaded model overlap, and frees what the model holds once it is closed and the
 * last of them has ended: what {@link ExecutableModel} promises of closing. Thread-safe.
 */
public final class RunGuard implements AutoCloseable {

  private final Runnable free;
  private int running;
  private boolean closed;

  /**
   * Makes the guard of an open model.
   *
   * @param free frees what the model holds; called once, by the thread that closes the model or by
   *     that of the last run, and must not fail
   */
  public RunGuard(Runnable free) {
    this.free = Objects.requireNonNull(free, "free");
  }

  /**
   * Runs the model.
   *
   * @param run the run; several may be under way
   * @param <T> what it gives
   * @return what it gives
   * @throws IllegalStateException if the model is closed
   */
  public <T> T run(Supplier<T> run) {
    begin();
    try {
      return run.get();
    } finally {
      end();
    }
  }

  /** Lets no more runs begin; those under way end as usual. Closing again does nothing. */
  @Override
  public void close() {
    boolean last;
    synchronized (this) {
      last = !closed && running == 0;
      closed = true;
    }
    if (last) {
      free.run();
    }
  }

  private synchronized void begin() {
    if (closed) {
      throw new IllegalStateException("the model is closed");
    }
    running++;
  }

  private void end() {
    boolean last;
    synchronized (this) {
      running--;
      last = closed && running == 0;
    }
    if (last) {
      free.run();
    }
  }
}
