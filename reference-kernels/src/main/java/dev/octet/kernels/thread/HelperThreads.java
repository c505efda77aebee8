package dev.octet.kernels.thread;

import dev.octet.api.runtime.Parallelism;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Threads that help callers to compute, which callers at the same time share: daemon threads of its
 * own, or those of an executor. Thread-safe.
 */
public final class HelperThreads implements AutoCloseable {

  private final int threads;
  private final Executor executor;
  private final @Nullable ExecutorService own;
  private final List<Thread> started = new CopyOnWriteArrayList<>();

  /**
   * Makes threads of its own, which start when they are first needed.
   *
   * @param threads threads that may compute for one caller, the caller included; at least 1
   */
  public HelperThreads(int threads) {
    this(Parallelism.threads(threads));
  }

  /** Takes the executor of some options, or makes threads, which start when first needed. */
  public HelperThreads(Parallelism options) {
    this.threads = options.threads();
    this.own =
        threads == 1 || options.executor().isPresent()
            ? null
            : Executors.newFixedThreadPool(threads - 1, work -> daemon(work, started));
    this.executor = options.executor().orElse(own == null ? HelperThreads::refuse : own);
  }

  /** Returns the number of threads that may compute for one caller, the caller included. */
  int threads() {
    return threads;
  }

  /**
   * Gives some work to a helper, now or when one is free.
   *
   * @return whether it will be done
   */
  boolean execute(Runnable work) {
    try {
      executor.execute(work);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  /**
   * Ends the threads of its own and waits until they have ended; nobody may compute afterwards. An
   * executor stays as it is.
   */
  @Override
  public void close() {
    if (own == null) {
      return;
    }
    own.shutdown();
    boolean interrupted = false;
    for (Thread thread : started) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void refuse(Runnable work) {
    throw new RejectedExecutionException("one thread has no helpers");
  }

  private static Thread daemon(Runnable work, List<Thread> started) {
    Thread thread = new Thread(work, "octet-kernels");
    thread.setDaemon(true);
    started.add(thread);
    return thread;
  }
}
