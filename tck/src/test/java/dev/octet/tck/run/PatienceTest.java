package dev.octet.tck.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatienceTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  @ParameterizedTest
  @CsvSource({
    "-0.5, 20, 20, 0, 0", // a machine that does not say how busy it is
    "0.2, 20, 20, 0, 0",
    "1, 20, 20, 3, 0",
    "1, 20, 12, 3, 8",
    "2.5, 50, 20, 0, 20",
    "2.5, 50, 40, 19, 10",
    "2.5, 50, 40, 20, 0", // it had the processor for as long as it may
    "2.5, 50, 51, 0, 0",
    "100, 80, 20, 0, 20",
    "100, 80, 80, 0, 0"
  })
  void waitsLongerOnABusyMachineForWhatDoesNotGetToCompute(
      double load, long allowed, long passed, long computed, long left) {
    Patience patience = new Patience(load);
    assertEquals(Duration.ofSeconds(allowed), patience.allowed(LIMIT));
    assertEquals(
        Duration.ofSeconds(left),
        patience.left(LIMIT, Duration.ofSeconds(passed), Duration.ofSeconds(computed)));
  }

  @Test
  void thisMachineIsGivenWhatIsAskedForAndEightTimesThatAtMost() {
    Duration allowed = Patience.now().allowed(LIMIT);
    assertTrue(allowed.compareTo(LIMIT) >= 0, allowed.toString());
    assertTrue(allowed.compareTo(LIMIT.multipliedBy(4)) <= 0, allowed.toString());
  }
}
