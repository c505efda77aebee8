package dev.octet.tck.check;

import dev.octet.api.runtime.Cancellation;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Lets a run go on, and each time that it asks lets another run begin on a thread of its own and
 * end, so that two runs overlap however fast they are. A runtime that runs one after the other lets
 * the other wait; it is then left to end by itself.
 */
final class AnotherRun implements Cancellation {

  private static final Duration PATIENCE = Duration.ofMillis(200);

  private final Runnable other;
  private boolean waits;
  private volatile @Nullable RuntimeException failure;

  AnotherRun(Runnable other) {
    this.other = other;
  }

  @Override
  public synchronized boolean isCancelled() {
    if (!waits) {
      Thread thread = new Thread(this::runOther, "octet-tck-another-run");
      thread.setDaemon(true);
      thread.start();
      try {
        thread.join(PATIENCE.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      waits = thread.isAlive();
    }
    return false;
  }

  private void runOther() {
    try {
      other.run();
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  /**
   * Asks how the others ended.
   *
   * @throws Violation if one failed
   */
  void requireEnded() {
    RuntimeException found = failure;
    if (found instanceof Violation violation) {
      throw violation;
    }
    if (found != null) {
      throw Violation.of("a run that begins while another is under way fails: %s", found);
    }
  }
}
