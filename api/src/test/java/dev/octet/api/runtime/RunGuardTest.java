package dev.octet.api.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RunGuardTest {

  private final AtomicInteger freed = new AtomicInteger();
  private final RunGuard guard = new RunGuard(freed::incrementAndGet);

  @Test
  void runsUntilItIsClosed() {
    assertEquals(7, guard.run(() -> 7));
    assertEquals(8, guard.run(() -> 8));
    assertEquals(0, freed.get());
    guard.close();
    assertEquals(1, freed.get());
    IllegalStateException closed =
        assertThrows(IllegalStateException.class, () -> guard.run(() -> 9));
    assertEquals("the model is closed", closed.getMessage());
  }

  @Test
  void closingAgainDoesNothing() {
    guard.close();
    guard.close();
    assertEquals(1, freed.get());
  }

  @Test
  void freesWhenTheLastRunUnderWayHasEnded() {
    int answer =
        guard.run(
            () -> {
              int inner =
                  guard.run(
                      () -> {
                        guard.close();
                        return freed.get();
                      });
              assertThrows(IllegalStateException.class, () -> guard.run(() -> 1));
              return inner + freed.get();
            });
    assertEquals(0, answer, "nothing is freed under a run");
    assertEquals(1, freed.get());
  }

  @Test
  void aRunThatFailsHasEnded() {
    IllegalArgumentException failure = new IllegalArgumentException("odd");
    assertThrows(
        IllegalArgumentException.class,
        () ->
            guard.run(
                () -> {
                  throw failure;
                }));
    guard.close();
    assertEquals(1, freed.get());
  }
}
