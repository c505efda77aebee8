package dev.octet.tck.run;

import dev.octet.api.error.OctetException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Calls code of a backend that may never return, in a thread of its own. */
public final class TimeLimit {

  private static final String THREAD = "octet-tck-case";
  private static final String GUARDS = "dev.octet.api.provider.Guarded";
  private static final String LAMBDA = "$$Lambda";

  private TimeLimit() {}

  /** That a call did not return in time. */
  static final class Exceeded extends Exception {
    private static final long serialVersionUID = 1;

    private Exceeded(String message) {
      super(message);
    }
  }

  /**
   * Returns what a call returns; throws what it throws.
   *
   * @param limit how long it may take, where the machine has nothing else to do; longer where many
   *     others compute
   * @throws OctetException {@code OCT-TCK-016} if it does not return in time; it names the method,
   *     and the thread is interrupted and left behind
   * @throws InterruptedException if the calling thread is interrupted
   */
  public static <T> T require(Duration limit, Supplier<T> call) throws InterruptedException {
    try {
      return within(limit, call::get);
    } catch (Exceeded e) {
      throw RunErrors.NO_ANSWER.error(String.valueOf(e.getMessage())).build();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException thrown) {
        throw thrown;
      }
      if (e.getCause() instanceof Error thrown) {
        throw thrown;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /**
   * Returns what a call returns.
   *
   * @throws Exceeded if it does not return in time
   * @throws ExecutionException with what it throws
   * @throws InterruptedException if the calling thread is interrupted
   */
  static <T> T within(Duration limit, Callable<T> call)
      throws Exceeded, ExecutionException, InterruptedException {
    FutureTask<T> task = new FutureTask<>(call);
    Thread thread = new Thread(task, THREAD);
    thread.setDaemon(true);
    long begun = System.nanoTime();
    thread.start();
    Duration left = limit;
    while (true) {
      try {
        return task.get(left.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        Duration passed = Duration.ofNanos(System.nanoTime() - begun);
        left = Patience.now().left(limit, passed, computed(thread));
        if (left.toMillis() == 0) {
          String where = place(thread.getStackTrace());
          thread.interrupt();
          throw new Exceeded("it did not end within " + seconds(limit) + where);
        }
      }
    }
  }

  /** Returns for how long a thread has computed; nothing where the JVM does not say. */
  private static Duration computed(Thread thread) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    boolean known = threads.isThreadCpuTimeSupported() && threads.isThreadCpuTimeEnabled();
    return Duration.ofNanos(known ? Math.max(0, threads.getThreadCpuTime(thread.getId())) : 0);
  }

  private static String seconds(Duration limit) {
    return limit.toMillis() < 1000 ? limit.toMillis() + " ms" : limit.toSeconds() + " s";
  }

  /** Which method of the backend was called, and where it is. */
  private static String place(StackTraceElement[] stack) {
    StringBuilder words = new StringBuilder();
    for (StackTraceElement frame : stack) {
      if (frame.getClassName().startsWith(GUARDS)
          && !frame.getClassName().contains(LAMBDA)
          && !frame.getMethodName().startsWith("lambda$")) {
        words.append(": ").append(frame.getMethodName()).append(" did not return");
        break;
      }
    }
    for (StackTraceElement frame : stack) {
      if (!frame.getClassName().startsWith("java.") && !frame.getClassName().startsWith("jdk.")) {
        return words.append(" (at ").append(frame).append(')').toString();
      }
    }
    return words.toString();
  }
}
