package dev.octet.tck.run;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A thread that makes one call of a backend's code after the other, each within a time. One that
 * does not return is interrupted and left behind, and another one makes the next call. For one
 * caller at a time.
 */
final class CaseThread implements AutoCloseable {

  private static final String NAME = "octet-tck-case";

  private @Nullable ExecutorService calls;

  /** Makes none yet; the first call does. */
  CaseThread() {}

  /** A call, and what its thread had computed for when it began. */
  private static final class Begun<T> implements Callable<T> {
    private final Callable<T> call;
    private final ClassLoader loader = Thread.currentThread().getContextClassLoader();
    private volatile @Nullable Thread thread;
    private volatile Duration before = Duration.ZERO;

    private Begun(Callable<T> call) {
      this.call = call;
    }

    /** What an earlier call made of its thread is no concern of this one. */
    @Override
    public T call() throws Exception {
      Thread own = Thread.currentThread();
      own.setContextClassLoader(loader);
      before = computed(own);
      thread = own;
      return call.call();
    }

    /** Returns for how long the call has computed. */
    Duration computed() {
      Thread own = thread;
      return own == null ? Duration.ZERO : computed(own).minus(before);
    }

    /** Nothing where the JVM does not say. */
    private static Duration computed(Thread thread) {
      ThreadMXBean threads = ManagementFactory.getThreadMXBean();
      boolean known = threads.isThreadCpuTimeSupported() && threads.isThreadCpuTimeEnabled();
      return Duration.ofNanos(known ? Math.max(0, threads.getThreadCpuTime(thread.getId())) : 0);
    }
  }

  /**
   * Returns what a call returns.
   *
   * @param limit how long it may take, where the machine has nothing else to do; longer where many
   *     others compute
   * @throws TimeLimit.Exceeded if it does not return in time
   * @throws ExecutionException with what it throws
   * @throws InterruptedException if the calling thread is interrupted
   */
  <T> T within(Duration limit, Callable<T> call)
      throws TimeLimit.Exceeded, ExecutionException, InterruptedException {
    Begun<T> begun = new Begun<>(call);
    long start = System.nanoTime();
    Future<T> result = open().submit(begun);
    Duration left = limit;
    while (true) {
      try {
        return result.get(left.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        Duration passed = Duration.ofNanos(System.nanoTime() - start);
        left = Patience.now().left(limit, passed, begun.computed());
        Thread late = begun.thread;
        if (left.toMillis() == 0 && late != null) {
          TimeLimit.Exceeded exceeded = TimeLimit.Exceeded.in(late, limit);
          giveUp();
          throw exceeded;
        }
      }
    }
  }

  private ExecutorService open() {
    ExecutorService known =
        calls == null ? Executors.newSingleThreadExecutor(CaseThread::made) : calls;
    calls = known;
    return known;
  }

  private static Thread made(Runnable work) {
    Thread thread = new Thread(work, NAME);
    thread.setDaemon(true);
    return thread;
  }

  private void giveUp() {
    ExecutorService known = calls;
    calls = null;
    if (known != null) {
      known.shutdownNow();
    }
  }

  /** Lets the thread end. */
  @Override
  public void close() {
    giveUp();
  }
}
