package dev.octet.kernels.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkersTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void everyPieceIsDoneOnce(int threads) {
    try (HelperThreads helpers = new HelperThreads(threads)) {
      Workers workers = new Workers(helpers);
      for (int tasks : new int[] {0, 1, threads - 1, threads, threads + 1, 1000}) {
        int[] done = new int[tasks];
        workers.forEach(tasks, (i, worker) -> done[i]++);
        int[] once = new int[tasks];
        Arrays.fill(once, 1);
        assertArrayEquals(once, done);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void rangesAreCovered(int threads) {
    try (HelperThreads helpers = new HelperThreads(threads)) {
      Workers workers = new Workers(helpers);
      for (int count : new int[] {0, 1, 9, 10, 11, 12345}) {
        int[] done = new int[count];
        workers.forRange(
            count,
            10,
            (from, to) -> {
              for (int i = from; i < to; i++) {
                done[i]++;
              }
            });
        int[] once = new int[count];
        Arrays.fill(once, 1);
        assertArrayEquals(once, done);
      }
    }
  }

  @Test
  void workersThatRunTogetherHaveDifferentScratch() {
    try (HelperThreads helpers = new HelperThreads(3)) {
      Workers workers = new Workers(helpers);
      AtomicInteger clashes = new AtomicInteger();
      workers.forEach(
          300,
          (i, worker) -> {
            float[] mine = workers.scratch(worker).floats(8);
            Arrays.fill(mine, i);
            for (float value : mine) {
              clashes.addAndGet(value == i ? 0 : 1);
            }
          });
      assertEquals(0, clashes.get());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void aFailureEndsTheWorkAndReachesTheCaller(int threads) {
    try (HelperThreads helpers = new HelperThreads(threads)) {
      Workers workers = new Workers(helpers);
      IllegalStateException failure = new IllegalStateException("broken");
      IllegalStateException thrown =
          assertThrows(
              IllegalStateException.class,
              () ->
                  workers.forEach(
                      100,
                      (i, worker) -> {
                        if (i == 5) {
                          throw failure;
                        }
                      }));
      assertSame(failure, thrown);
    }
  }

  @Test
  void anInterruptEndsTheWork() {
    try (HelperThreads helpers = new HelperThreads(2)) {
      Workers workers = new Workers(helpers);
      AtomicInteger done = new AtomicInteger();
      OctetException ended =
          assertThrows(
              OctetException.class,
              () ->
                  workers.forEach(
                      1_000_000,
                      (i, worker) -> {
                        done.incrementAndGet();
                        if (worker == 0) {
                          Thread.currentThread().interrupt();
                        }
                      }));
      assertEquals("OCT-RUN-003", ended.id());
      assertTrue(Thread.interrupted());
      assertTrue(done.get() < 1_000_000);
    }
  }

  @Test
  void callersShareTheHelpersAndDoNotWaitForThoseThatAreBusy() throws InterruptedException {
    try (HelperThreads helpers = new HelperThreads(2)) {
      CountDownLatch busy = new CountDownLatch(2);
      CountDownLatch release = new CountDownLatch(1);
      Thread first =
          new Thread(
              () ->
                  new Workers(helpers)
                      .forEach(
                          2,
                          (i, worker) -> {
                            busy.countDown();
                            awaitQuietly(release);
                          }));
      first.start();
      busy.await();
      int[] done = new int[5];
      new Workers(helpers).forEach(5, (i, worker) -> done[i] += 1 + worker);
      assertArrayEquals(new int[] {1, 1, 1, 1, 1}, done, "the second caller works alone");
      release.countDown();
      first.join();
    }
  }

  @Test
  void noThreadsAtAllAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new HelperThreads(0));
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
