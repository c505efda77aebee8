package dev.octet.workflow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.workflow.report.Report;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WrittenModelTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | 100 | 400 bytes became 100 bytes (4.00 times smaller)",
        "146 | 1534 | 146 bytes became 1.53 kB (10.51 times larger)",
        "560 | 1000 | 560 bytes became 1.00 kB (1.79 times larger)",
        "100 | 100 | 100 bytes became 100 bytes (about as large)",
        "1000 | 1001 | 1.00 kB became 1.00 kB (about as large)",
        "101 | 100 | 101 bytes became 100 bytes (1.01 times smaller)"
      })
  void saysHowManyTimesSmallerOrLargerAFileIs(long before, long after, String line) {
    Report report = new Report();
    new WrittenModel(Path.of("q.onnx"), before, after).addLines(report);
    assertEquals(line + "\nWrote q.onnx\n", report.text());
  }
}
