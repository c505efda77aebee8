package dev.octet.tck.check;

import dev.octet.api.graph.Tensor;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.Parallelism;
import dev.octet.tck.integers.IntegerModel;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Executors that lend a runtime their threads, of every kind that a caller may have. */
final class LentThreads {

  /** How much longer than usual a run may take that waits for nobody. */
  private static final int TIMES = 50;

  private static final Duration LEAST = Duration.ofSeconds(4);

  private LentThreads() {}

  /** Demands the same results on each kind, and that a closed model leaves them as they are. */
  static void requireSameOnEach(TestedRuntime runtime, IntegerModel model, int threads)
      throws InterruptedException {
    long begin = System.nanoTime();
    Map<String, Tensor> usual = runtime.run(model);
    Duration patience = LEAST.plusNanos(TIMES * (System.nanoTime() - begin));
    ExecutorService pool = Executors.newFixedThreadPool(threads - 1);
    try {
      Map<String, Executor> all = new LinkedHashMap<>();
      all.put("with threads of its own", pool);
      all.put("that runs tasks at once", Runnable::run);
      all.put("that refuses tasks", LentThreads::refuse);
      all.put("that never begins a task", task -> {});
      for (Map.Entry<String, Executor> kind : all.entrySet()) {
        String when = "on an executor " + kind.getKey();
        Parallelism lent = Parallelism.threads(threads).on(kind.getValue());
        SameResults.require(when, usual, within(patience, when, runtime, model, lent));
      }
      if (pool.isShutdown()) {
        throw Violation.of("the runtime shuts down the executor that lent it its threads");
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private static void refuse(Runnable task) {
    throw new RejectedExecutionException("no thread is free");
  }

  private static Map<String, Tensor> within(
      Duration patience, String when, TestedRuntime runtime, IntegerModel model, Parallelism lent)
      throws InterruptedException {
    FutureTask<Map<String, Tensor>> task =
        new FutureTask<>(
            () -> {
              try (ExecutableModel loaded = runtime.load(model.model(), lent)) {
                return loaded.run(model.inputs());
              }
            });
    Thread thread = new Thread(task, "octet-tck-lent-threads");
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      thread.interrupt();
      throw Violation.of("a run does not end %s: it waits for a task that has not begun", when);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Violation violation) {
        throw violation;
      }
      throw Violation.of("a run fails %s: %s", when, String.valueOf(e.getCause()));
    }
  }
}
