package dev.octet.tck.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class TimeLimitTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void returnsAndThrowsWhatTheCallDoes() throws InterruptedException {
    assertEquals(7, TimeLimit.require(MINUTE, () -> 7));
    IllegalStateException thrown =
        assertThrows(
            IllegalStateException.class,
            () ->
                TimeLimit.require(
                    MINUTE,
                    () -> {
                      throw new IllegalStateException("a bug");
                    }));
    assertEquals("a bug", thrown.getMessage());
  }

  @Test
  void whatDoesNotReturnIsAnErrorThatNamesThePlace() {
    OctetException e =
        assertThrows(
            OctetException.class,
            () -> TimeLimit.require(Duration.ofMillis(300), TimeLimitTest::waitForNobody));
    assertEquals("OCT-TCK-016", e.id());
    assertTrue(e.fact().startsWith("it did not end within 300 ms (at "), e.fact());
    assertTrue(e.fact().contains("TimeLimitTest.waitForNobody"), e.fact());
  }

  private static int waitForNobody() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 0;
  }
}
