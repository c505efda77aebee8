package dev.octet.workflow.calibrate;

import dev.octet.api.error.OctetException;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.data.Progress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Deals the batches of some data out to runners, one thread for each.
 *
 * <p>Batches are claimed in order. When one fails, no more are claimed; those that were claimed
 * before it are finished, so that the error reported is that of the first batch that fails,
 * whatever the threads do.
 */
final class BatchLoop {

  private final DataSource data;
  private final BatchPlan batches;
  private final Progress progress;
  private int next;
  private int done;
  private int failedBatch = Integer.MAX_VALUE;
  private @Nullable Throwable failure;

  BatchLoop(DataSource data, BatchPlan batches, Progress progress) {
    this.data = data;
    this.batches = batches;
    this.progress = progress;
  }

  /**
   * Runs all batches; the calling thread works for the first runner.
   *
   * @throws OctetException {@code OCT-CAL-010} if the calling thread was interrupted
   */
  void run(List<SampleRunner> runners) {
    List<Thread> helpers = new ArrayList<>();
    for (SampleRunner runner : runners.subList(1, runners.size())) {
      Thread helper = new Thread(() -> work(runner), "octet-calibrate");
      helper.setDaemon(true);
      helper.start();
      helpers.add(helper);
    }
    work(runners.get(0));
    join(helpers);
    rethrow();
  }

  private void work(SampleRunner runner) {
    int from;
    while ((from = claim()) < data.size()) {
      int count = Math.min(batches.size(), data.size() - from);
      try {
        runner.run(data.batch(from, count), count, batches.once());
        finished(count);
      } catch (RuntimeException | Error e) {
        failed(from, e);
      }
    }
  }

  /** Returns the first sample of the next batch; the number of samples when there is none. */
  private synchronized int claim() {
    if (failure != null || next >= data.size()) {
      return data.size();
    }
    int claimed = next;
    next += Math.min(batches.size(), data.size() - next);
    return claimed;
  }

  private synchronized void finished(int count) {
    done += count;
    progress.samples(done, data.size());
  }

  private synchronized void failed(int from, Throwable e) {
    if (from < failedBatch) {
      failedBatch = from;
      failure = e;
    }
  }

  /** Waits until no helper runs; an interrupt of the caller is passed on to them. */
  private void join(List<Thread> helpers) {
    boolean interrupted = Thread.currentThread().isInterrupted();
    for (Thread helper : helpers) {
      while (helper.isAlive()) {
        if (interrupted) {
          helper.interrupt();
        }
        try {
          helper.join(interrupted ? 1 : 0);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void rethrow() {
    Throwable thrown = failure;
    // An interrupt also closes files that are being read, so whatever failed then failed of that.
    if (thrown != null && Thread.currentThread().isInterrupted()) {
      throw interruption(thrown, done, data.size());
    }
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
    if (thrown instanceof Error e) {
      throw e;
    }
  }

  /** Returns the error that says that the calling thread was interrupted. */
  static OctetException interruption(Throwable cause, int done, int total) {
    return CalibrationErrors.INTERRUPTED
        .error("The calibration was interrupted after " + done + " of " + total + " samples")
        .cause(cause)
        .build();
  }
}
