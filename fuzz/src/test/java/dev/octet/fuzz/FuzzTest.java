package dev.octet.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.ErrorId;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs over readers that do what they must not. */
@Timeout(60)
class FuzzTest {

  private static final ErrorId REFUSED = ErrorId.input("FUZZ-TEST-001", "It is refused.", "Stop.");
  private static final Duration LIMIT = Duration.ofMillis(300);

  private static Format format(Target target) {
    List<byte[]> seeds = Seeds.bytes(List.of("abcdefgh", "12345678"));
    return new Format("made", seeds, new PlainBytes(), target);
  }

  private static Settings inputs(long count, long seed) {
    return new Settings(
        Duration.ofSeconds(50), count, seed, List.of(), Optional.empty(), Path.of(""));
  }

  private static Tally run(Target target, Settings settings) throws InterruptedException {
    try (Lane lane = new Lane(LIMIT)) {
      Minimiser minimiser = new Minimiser(lane, Duration.ofSeconds(2));
      List<Finding> heard = new ArrayList<>();
      Session session = new Session(settings, lane, minimiser, heard::add);
      Tally tally = session.run(List.of(format(target))).get(0);
      assertEquals(heard, tally.findings());
      return tally;
    }
  }

  private static boolean has(byte[] input, char wanted) {
    return new String(input, UTF_8).indexOf(wanted) >= 0;
  }

  @Test
  void errorsWithAnIdAreNoFindings() throws InterruptedException {
    Tally tally =
        run(
            input -> {
              if (has(input, 'a')) {
                throw REFUSED.error("it has an a").build();
              }
            },
            inputs(500, 1));
    assertEquals(List.of(), tally.findings());
    assertEquals(500, tally.inputs());
    assertEquals(Set.of("FUZZ-TEST-001", Slice.ACCEPTED), tally.reached());
  }

  @Test
  void anExceptionIsFoundOnceAndMadeAsSmallAsItCanBe() throws InterruptedException {
    Tally tally =
        run(
            input -> {
              if (has(input, 'c') && has(input, 'f')) {
                throw new IllegalStateException("both");
              }
            },
            inputs(500, 1));
    assertEquals(1, tally.findings().size());
    Finding finding = tally.findings().get(0);
    assertArrayEquals("cf".getBytes(UTF_8), finding.smallest());
    assertEquals(0, finding.index());
    assertEquals("an exception without id", finding.fault().kind());
    assertTrue(finding.toString().endsWith("--format made --seed 1 --index 0"), finding.toString());
    assertEquals(500, tally.inputs(), "it goes on behind a finding");
  }

  @Test
  void fullMemoryAndStacksAreFindings() throws InterruptedException {
    Tally memory =
        run(
            input -> {
              throw new OutOfMemoryError("as from an allocation");
            },
            inputs(3, 1));
    assertEquals("out of memory", memory.findings().get(0).fault().kind());
    Tally stack = run(input -> deeper(0), inputs(3, 1));
    assertTrue(stack.findings().get(0).fault().stack().contains("StackOverflowError"));
  }

  @Test
  void whatAKernelDidNotForeseeIsAFindingWhateverItsId() {
    ErrorId unforeseen = ErrorId.input(Fault.UNFORESEEN, "A node cannot be computed.", "Stop.");
    RuntimeException cause = new IllegalStateException("an index");
    Fault fault = Fault.of(unforeseen.error("it").cause(cause).build()).orElseThrow();
    assertEquals("a defect", fault.kind());
    assertTrue(fault.stack().startsWith("java.lang.IllegalStateException: an index"));
    assertEquals(Optional.empty(), Fault.of(unforeseen.error("it is told of").build()));
  }

  private static int deeper(int depth) {
    return depth < 0 ? 0 : deeper(depth + 1) + 1;
  }

  @Test
  void whatDoesNotEndIsFoundWithWhereItIs() throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    Tally tally =
        run(
            input -> {
              if (!has(input, 'a')) {
                never.await();
              }
            },
            inputs(3, 1));
    Fault fault = tally.findings().get(0).fault();
    assertEquals("no end", fault.kind());
    assertTrue(fault.stack().contains("CountDownLatch.await"), fault.stack());
    assertEquals(3, tally.inputs(), "another thread goes on");
  }

  @Test
  void aRunFollowsFromItsSeed() throws InterruptedException {
    List<Long> first = indices(7);
    assertEquals(first, indices(7));
    assertTrue(!first.equals(indices(8)), "another seed gives other inputs: " + first);
    Format format = format(input -> {});
    assertArrayEquals(format.input(7, 99), format.input(7, 99));
    assertArrayEquals("abcdefgh".getBytes(UTF_8), format.input(7, 0));
  }

  /** Returns at which inputs a reader met something new. */
  private static List<Long> indices(long seed) throws InterruptedException {
    return run(
            input -> {
              if (has(input, '\u0000') && input.length > 8) {
                throw new IllegalStateException("zero");
              }
              if (input.length == 0) {
                throw new IllegalArgumentException("empty");
              }
            },
            inputs(4000, seed))
        .findings()
        .stream()
        .map(Finding::index)
        .toList();
  }

  @Test
  void findingsAreWrittenWithHowToMakeThemAgain(@TempDir Path folder) throws Exception {
    Fault fault = Fault.of(new IllegalStateException("torn")).orElseThrow();
    new Finding("made", 3, 14, fault, new byte[] {1, 2}).write(folder.resolve("new"));
    assertArrayEquals(new byte[] {1, 2}, Files.readAllBytes(folder.resolve("new/made-3-14")));
    String text = Files.readString(folder.resolve("new/made-3-14.txt"));
    assertTrue(text.contains("--format made --seed 3 --index 14"), text);
    assertTrue(text.contains("IllegalStateException: torn\n    at "), text);
  }

  @Test
  void runsAsToldAndPrintsATable(@TempDir Path folder) throws Exception {
    String[] words = {
      "--format",
      "tokens",
      "--inputs",
      "20",
      "--seed",
      "5",
      "--seconds",
      "30",
      "--out",
      folder.toString()
    };
    String text = printed(0, words);
    assertTrue(text.startsWith("format "), text);
    assertTrue(text.contains("tokens               20"), text);
    assertTrue(text.contains("20 inputs of 1 formats, seed 5, "), text);
    assertTrue(printed(0, "--format", "tokens", "--index", "0").contains("[accepted]"));
  }

  @Test
  void saysWhatIsWrongWithACommandLine() throws Exception {
    assertTrue(printed(2, "--format", "nothing").startsWith("formats are archive, "));
    assertTrue(printed(2, "--faster", "1").startsWith("there is no option --faster"));
    assertTrue(printed(2, "--seed").startsWith("--seed needs a value"));
    assertThrows(NumberFormatException.class, () -> Settings.of(List.of("--seed", "x")));
  }

  private static String printed(int exitCode, String... words) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertEquals(
        exitCode, Fuzz.run(List.of(words), new PrintStream(out, true, UTF_8)), out.toString(UTF_8));
    return out.toString(UTF_8);
  }
}
