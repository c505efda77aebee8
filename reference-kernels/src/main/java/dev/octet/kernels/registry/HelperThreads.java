package dev.octet.kernels.registry;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Daemon threads that help the callers of a loaded model to compute; callers at the same time share
 * them. Thread-safe.
 */
public final class HelperThreads implements AutoCloseable {

  private final int threads;
  private final @Nullable ExecutorService pool;

  /**
   * Makes the threads, which start when they are first needed.
   *
   * @param threads threads that may compute for one caller, the caller included; at least 1
   */
  public HelperThreads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads " + threads + " is below 1");
    }
    this.threads = threads;
    this.pool =
        threads == 1 ? null : Executors.newFixedThreadPool(threads - 1, HelperThreads::daemon);
  }

  /** Returns the number of threads that may compute for one caller, the caller included. */
  int threads() {
    return threads;
  }

  /** Gives some work to a helper, now or when one is free. */
  void execute(Runnable work) {
    if (pool == null) {
      throw new IllegalStateException("one thread has no helpers");
    }
    pool.execute(work);
  }

  /** Ends the threads; nobody may compute afterwards. */
  @Override
  public void close() {
    if (pool != null) {
      pool.shutdown();
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "octet-kernels");
    thread.setDaemon(true);
    return thread;
  }
}
