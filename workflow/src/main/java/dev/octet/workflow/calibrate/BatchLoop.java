package dev.octet.workflow.calibrate;

import dev.octet.kernels.thread.Workers;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Progress;
import dev.octet.workflow.run.SampleBatch;
import java.util.List;

/**
 * Deals the batches of some data out to workers, each of which has a runner. Progress is told on
 * the thread that made it, which has to be the one that calls {@link #run}.
 */
final class BatchLoop {

  private final DataSource data;
  private final BatchPlan batches;
  private final Progress progress;
  private final Thread caller = Thread.currentThread();
  private int done;
  private int told;

  BatchLoop(DataSource data, BatchPlan batches, Progress progress) {
    this.data = data;
    this.batches = batches;
    this.progress = progress;
  }

  /** Returns the number of samples in the batches that are done. */
  synchronized int done() {
    return done;
  }

  /**
   * Runs all batches; see {@link Workers#forEach} for how they end.
   *
   * @param runners one for each worker
   * @return the number of samples
   */
  int run(Workers workers, List<SampleRunner> runners) {
    workers.forEach(
        (data.size() + batches.size() - 1) / batches.size(),
        (batch, worker) -> {
          int from = batch * batches.size();
          int count = Math.min(batches.size(), data.size() - from);
          SampleRunner runner = runners.get(worker);
          SampleBatch samples = SampleBatch.read(data, from, count);
          runner.run(samples, count, batches.once(), workers::isCancelled);
          finished(count);
          if (Thread.currentThread() == caller) {
            tell();
          }
        });
    tell();
    return done();
  }

  private synchronized void finished(int count) {
    done += count;
  }

  private void tell() {
    int now = done();
    if (now > told) {
      told = now;
      progress.samples(now, data.size());
    }
  }
}
