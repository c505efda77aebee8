package dev.octet.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.ErrorId;
import dev.octet.api.error.OctetException;
import dev.octet.workflow.report.Width;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailuresTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void endsWithTheExitCodeOfTheKind() {
    assertEquals(2, report(ErrorId.usage("ACME-CHIP-001", "M.", "n.").error("f").build()));
    assertEquals(3, report(ErrorId.input("ACME-CHIP-001", "M.", "n.").error("f").build()));
    assertEquals(4, report(ErrorId.quantization("ACME-CHIP-001", "M.", "n.").error("f").build()));
    assertEquals(5, report(ErrorId.backend("ACME-CHIP-001", "M.", "n.").error("f").build()));
  }

  @Test
  void apologisesForADefectAndShowsItsTraceOnlyWhenAsked() {
    assertEquals(70, report(new IllegalStateException("broken")));
    assertTrue(err.toString(UTF_8).startsWith("octet: OCT-CLI-070: "), err.toString(UTF_8));
    assertTrue(err.toString(UTF_8).contains("Sorry."), err.toString(UTF_8));
    assertFalse(err.toString(UTF_8).contains("\tat "), err.toString(UTF_8));
    assertEquals(70, report(new IllegalStateException("broken"), "--verbose"));
    assertTrue(err.toString(UTF_8).contains("\tat "), err.toString(UTF_8));
  }

  @Test
  void aFullMemoryIsNoDefectAndSaysHowMuchThereIsAndWhatToDo() {
    OutOfMemoryError full = new OutOfMemoryError("heap");
    for (Throwable thrown : List.of(full, new IllegalStateException("helper", full))) {
      assertEquals(3, report(thrown));
      long mebibytes = Runtime.getRuntime().maxMemory() >> 20;
      assertTrue(
          err.toString(UTF_8)
              .startsWith("octet: OCT-CLI-071: the " + mebibytes + " MiB of memory that the JVM"),
          err.toString(UTF_8));
      assertTrue(err.toString(UTF_8).contains("OCTET_OPTS=-Xmx"), err.toString(UTF_8));
    }
  }

  @Test
  void aMappedFileThatWasCutOffIsNoDefect() {
    String fault = "a fault occurred in a recent unsafe memory access operation in compiled code";
    assertEquals(3, report(new InternalError(fault)));
    assertTrue(
        err.toString(UTF_8)
            .startsWith("octet: OCT-CLI-072: a file was cut off while it was read: a fault"),
        err.toString(UTF_8));
    assertEquals(70, report(new InternalError("other")));
  }

  @Test
  void writesAllPartsOfAnErrorToTheDocument() {
    OctetException error =
        ErrorId.input("ACME-CHIP-001", "There is no such thing.", "Look.")
            .error("no such thing")
            .at("x:1:2")
            .candidates(List.of("y"))
            .next("Do z.");
    report(error, "--json");
    String expected =
        """
        {
          "error": {
            "id": "ACME-CHIP-001",
            "fact": "no such thing",
            "place": "x:1:2",
            "candidates": ["y"],
            "next": "Do z."
          }
        }
        """;
    assertEquals(expected, out.toString(UTF_8));
    assertEquals(
        "octet: ACME-CHIP-001: no such thing (at x:1:2). Candidates: y. Do z.\n",
        err.toString(UTF_8));
  }

  private int report(Throwable thrown, String... arguments) {
    err.reset();
    try (PrintStream outStream = new PrintStream(out, true, UTF_8);
        PrintStream errStream = new PrintStream(err, true, UTF_8)) {
      Terminal terminal = new Terminal(outStream, errStream, Width.log(), false);
      return new Failures(terminal, List.of(arguments)).report(thrown);
    }
  }
}
