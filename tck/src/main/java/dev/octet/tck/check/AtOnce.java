package dev.octet.tck.check;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Work that several threads do at the same time. */
final class AtOnce {

  private AtOnce() {}

  /**
   * Does each piece of work on a thread of its own; all begin together.
   *
   * @param works what each thread does
   * @param turns how often it does so
   * @throws Violation if one fails
   */
  static void run(List<Runnable> works, int turns) {
    CyclicBarrier start = new CyclicBarrier(works.size());
    List<Callable<Void>> threads = new ArrayList<>();
    for (Runnable work : works) {
      threads.add(
          () -> {
            start.await();
            for (int i = 0; i < turns; i++) {
              work.run();
            }
            return null;
          });
    }
    all(threads);
  }

  private static void all(List<Callable<Void>> threads) {
    ExecutorService pool = Executors.newFixedThreadPool(threads.size());
    try {
      for (Future<Void> ended : pool.invokeAll(threads)) {
        ended.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Violation violation) {
        throw violation;
      }
      throw Violation.of(
          "a run among others at the same time fails: %s", String.valueOf(e.getCause()));
    } finally {
      pool.shutdownNow();
    }
  }
}
