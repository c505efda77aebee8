package dev.octet.kernels.thread;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.runtime.Cancellation;
import dev.octet.api.runtime.Parallelism;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
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
  void theFailureOfTheFirstPieceIsReportedWhateverTheThreadsDo() {
    try (HelperThreads helpers = new HelperThreads(3)) {
      Workers workers = new Workers(helpers);
      for (int round = 0; round < 200; round++) {
        IllegalStateException thrown =
            assertThrows(
                IllegalStateException.class,
                () ->
                    workers.forEach(
                        100,
                        (i, worker) -> {
                          if (i >= 5) {
                            throw new IllegalStateException("piece " + i);
                          }
                        }));
        assertEquals("piece 5", thrown.getMessage());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void cancellingEndsTheWorkOfAllThreads(int threads) {
    try (HelperThreads helpers = new HelperThreads(threads)) {
      Workers workers = new Workers(helpers);
      AtomicInteger done = new AtomicInteger();
      workers.cancelledBy(() -> done.get() >= 10);
      OctetException ended =
          assertThrows(
              OctetException.class,
              () -> workers.forEach(1_000_000, (i, worker) -> done.incrementAndGet()));
      assertEquals("OCT-RUN-007", ended.id());
      assertTrue(done.get() < 10 + threads, done + " pieces");
      assertEquals(
          "OCT-RUN-007",
          assertThrows(OctetException.class, () -> workers.forRange(1, 1, (from, to) -> {})).id());
      workers.cancelledBy(Cancellation.never());
      workers.forEach(5, (i, worker) -> done.set(-i));
      assertTrue(done.get() <= 0);
    }
  }

  @Test
  void tasksSeeThatTheirCallerIsInterrupted() {
    try (HelperThreads helpers = new HelperThreads(2)) {
      Workers workers = new Workers(helpers);
      CountDownLatch helping = new CountDownLatch(1);
      OctetException ended =
          assertThrows(
              OctetException.class,
              () ->
                  workers.forEach(
                      1_000,
                      (i, worker) -> {
                        if (worker == 1) {
                          helping.countDown();
                          while (!workers.isCancelled()) {
                            Thread.onSpinWait();
                          }
                        } else {
                          awaitQuietly(helping);
                          Thread.currentThread().interrupt();
                        }
                      }));
      assertEquals("OCT-RUN-003", ended.id());
      assertTrue(Thread.interrupted());
    }
  }

  static Stream<Arguments> executors() {
    return Stream.of(
        Arguments.of("one that computes in the calling thread", (Executor) Runnable::run),
        Arguments.of("one that never runs anything", (Executor) task -> {}),
        Arguments.of("one that refuses", (Executor) WorkersTest::refuse));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("executors")
  void anyExecutorWillDo(String name, Executor executor) {
    try (HelperThreads helpers = new HelperThreads(Parallelism.threads(3).on(executor))) {
      Workers workers = new Workers(helpers);
      for (int tasks : new int[] {0, 1, 2, 3, 4, 1000}) {
        int[] done = new int[tasks];
        workers.forEach(tasks, (i, worker) -> done[i]++);
        int[] once = new int[tasks];
        Arrays.fill(once, 1);
        assertArrayEquals(once, done, name);
      }
    }
  }

  @Test
  void aPoolOfOneThreadThatIsTheCallersDoesNotBlock() throws Exception {
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try {
      int[] done = new int[100];
      pool.submit(
              () -> {
                HelperThreads helpers = new HelperThreads(Parallelism.threads(4).on(pool));
                new Workers(helpers).forEach(100, (i, worker) -> done[i]++);
                helpers.close();
              })
          .get(10, TimeUnit.SECONDS);
      int[] once = new int[100];
      Arrays.fill(once, 1);
      assertArrayEquals(once, done);
      assertFalse(pool.isShutdown(), "the pool is the caller's");
    } finally {
      pool.shutdown();
    }
  }

  /** Both offers of the one helper run while the second call is under way. */
  @Test
  void aHelperThatComesLateHelpsOnceWithWhatIsUnderWay() {
    List<Runnable> kept = new ArrayList<>();
    HelperThreads helpers = new HelperThreads(Parallelism.threads(2).on(kept::add));
    Workers workers = new Workers(helpers);
    for (int call = 0; call < 3; call++) {
      workers.forEach(4, (i, worker) -> assertEquals(0, worker));
    }
    assertEquals(1, kept.size(), "an offer waits for a thread once");
    List<Integer> helped = new ArrayList<>();
    workers.forEach(
        4,
        (i, worker) -> {
          if (i == 0) {
            kept.get(0).run();
            kept.get(0).run();
          }
          helped.add(worker);
        });
    assertEquals(List.of(1, 1, 1, 0), helped);
    kept.get(0).run();
    assertEquals(4, helped.size(), "nothing is under way");
  }

  @Test
  void closingEndsTheThreads() {
    Set<Thread> seen = ConcurrentHashMap.newKeySet();
    CountDownLatch all = new CountDownLatch(3);
    try (HelperThreads helpers = new HelperThreads(3)) {
      new Workers(helpers)
          .forEach(
              3,
              (i, worker) -> {
                seen.add(Thread.currentThread());
                all.countDown();
                awaitQuietly(all);
              });
    }
    seen.remove(Thread.currentThread());
    assertEquals(2, seen.size());
    seen.forEach(thread -> assertFalse(thread.isAlive()));
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

  private static void refuse(Runnable task) {
    throw new RejectedExecutionException("full");
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
