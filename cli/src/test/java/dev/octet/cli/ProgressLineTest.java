package dev.octet.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.workflow.report.Width;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressLineTest {

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private long seconds;

  @Test
  void saysNothingOfShortWork() {
    ProgressLine progress = progress(false);
    seconds = 1;
    progress.samples(50, 100);
    progress.samples(100, 100);
    assertEquals("", err.toString(UTF_8));
  }

  @Test
  void printsALineEveryFiveSecondsAndOneAtTheEnd() {
    ProgressLine progress = progress(false);
    for (seconds = 1; seconds <= 10; seconds++) {
      progress.samples((int) seconds * 10, 100);
    }
    String expected =
        """
        octet: running: 20 of 100 samples, 20 %, about 8 s left
        octet: running: 70 of 100 samples, 70 %, about 3 s left
        octet: running: 100 of 100 samples, 100 %, took 10 s
        """;
    assertEquals(expected, err.toString(UTF_8));
  }

  @Test
  void drawsOverOneLineOnAScreen() {
    ProgressLine progress = progress(true);
    seconds = 3;
    progress.samples(1, 2);
    seconds = 6;
    progress.samples(2, 2);
    String expected =
        "\rrunning: 1 of 2 samples, 50 %, about 3 s left\u001b[K"
            + "\rrunning: 2 of 2 samples, 100 %, took 6 s\u001b[K\n";
    assertEquals(expected, err.toString(UTF_8));
  }

  @ParameterizedTest
  @CsvSource({"0.2, 1 s", "59, 59 s", "60, 1 min 00 s", "3599, 59 min 59 s", "7260, 2 h 01 min"})
  void wordsTimes(double time, String expected) {
    assertEquals(expected, ProgressLine.time(time));
  }

  private ProgressLine progress(boolean redraws) {
    PrintStream stream = new PrintStream(err, true, UTF_8);
    Terminal terminal = new Terminal(stream, stream, Width.log(), redraws);
    return new ProgressLine(terminal, "running", () -> seconds * 1_000_000_000L);
  }
}
