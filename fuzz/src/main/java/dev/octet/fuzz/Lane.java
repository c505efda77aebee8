package dev.octet.fuzz;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A thread that reads, and is given up for another one where reading does not end. */
final class Lane implements AutoCloseable {

  private static final long POLL_MILLIS = 50;

  /** A thread that does nothing at all may wait for that many times the limit. */
  private static final int BLOCKED = 6;

  private final Duration limit;
  private ExecutorService thread = thread();

  /** Starts it; an input that takes more processor time than the limit does not end. */
  Lane(Duration limit) {
    this.limit = limit;
  }

  private static ExecutorService thread() {
    return Executors.newSingleThreadExecutor(
        task -> {
          Thread made = new Thread(task, "reader");
          made.setDaemon(true);
          return made;
        });
  }

  /** Runs a slice to its end. */
  void run(Slice slice) throws InterruptedException {
    Future<?> running = thread.submit(slice);
    while (!ended(running)) {
      if (doesNotEnd(slice)) {
        slice.giveUp();
        thread.shutdownNow();
        thread = thread();
        return;
      }
    }
  }

  /** Other work on the machine makes an input wait; that is none of its own time. */
  private boolean doesNotEnd(Slice slice) {
    long nanos = limit.toNanos();
    return slice.age() > nanos && (slice.worked() > nanos || slice.age() > BLOCKED * nanos);
  }

  private static boolean ended(Future<?> running) throws InterruptedException {
    try {
      running.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a mutator failed", e.getCause());
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
