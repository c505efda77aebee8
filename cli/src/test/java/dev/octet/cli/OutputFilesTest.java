package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the commands write their files. */
class OutputFilesTest {

  @TempDir Path folder;
  private CommandFixture octet;

  @BeforeEach
  void writeFiles() throws IOException {
    octet = new CommandFixture(folder);
    octet.writeClassifier(13);
    Files.createDirectory(octet.file("real"));
  }

  @Test
  void aPlanGoesToStandardOutput() throws IOException {
    CommandFixture.Result result = octet.run("plan", "@m.onnx", "--backend", "cpu", "-o", "-");
    assertEquals(0, result.exitCode(), result.err());
    run("plan", "@m.onnx", "--backend", "cpu", "-o", "@plan.json");
    assertEquals(Files.readString(octet.file("plan.json")), result.out());
    assertTrue(result.err().contains("Wrote standard output"), result.err());
    assertFalse(Files.exists(octet.file("-")));
  }

  @Test
  void whatHoldsGoesToStandardOutputAsXml() throws IOException {
    String[] words = {
      "evaluate", "@m.onnx", "--data", "@d.yaml", "--require", "top1>=1", "--junit"
    };
    CommandFixture.Result result = octet.run(append(words, "-"));
    assertEquals(0, result.exitCode(), result.err());
    run(append(words, "@tests.xml"));
    assertEquals(Files.readString(octet.file("tests.xml")), result.out());
    assertTrue(result.err().contains("top-1 accuracy"), result.err());
  }

  @Test
  void standardOutputTakesOneDocument() {
    CommandFixture.Result plan =
        octet.run("plan", "@m.onnx", "--backend", "cpu", "-o", "-", "--json");
    assertEquals(2, plan.exitCode());
    assertEquals("OCT-CLI-041", plan.errorId());
    String fact = plan.json().get("error").asMapping().get("fact").asText();
    assertEquals("standard output is named by '-o -' and by '--json'", fact);
    CommandFixture.Result tests =
        octet.run("evaluate", "@m.onnx", "--data", "@d.yaml", "--junit", "-", "--json");
    assertEquals("OCT-CLI-041", tests.errorId());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "quantize @m.onnx --backend cpu --data @d.yaml -o -",
        "quantize @m.onnx --backend cpu --data @d.yaml -o @q.onnx --keep -",
        "calibrate @m.onnx --plan @p.json --data @d.yaml -o -",
        "convert @m.onnx --plan @p.json -o -",
        "merge @x.calib -o -",
        "source @m.onnx --scheme int8 -o -",
        "run @m.onnx --data @d.yaml -o -"
      })
  void standardOutputTakesTextsAlone(String line) {
    CommandFixture.Result result = octet.run((line + " --json").split(" "));
    assertEquals(2, result.exitCode(), result.err());
    assertEquals("OCT-CLI-040", result.errorId());
    assertEquals(
        "'-' is standard output, which takes texts, and this output is none",
        result.json().get("error").asMapping().get("fact").asText());
    assertEquals(
        "Name a file; plans, JUnit's XML, pages and bills of materials go to standard output.",
        result.json().get("error").asMapping().get("next").asText());
  }

  private static String[] append(String[] words, String word) {
    return Stream.concat(Stream.of(words), Stream.of(word)).toArray(String[]::new);
  }

  /** Links to files that exist, and to files that do not yet. */
  @Test
  void everyCommandFollowsLinks() throws IOException {
    List<String> files = List.of("plan.json", "x.calib", "q.onnx", "two.onnx");
    for (String file : files) {
      link(octet.file(file), Path.of("real", file));
    }
    Files.createDirectory(octet.file("out"));
    link(octet.file("out").resolve("scores.npy"), Path.of("..", "real", "scores.npy"));
    for (int times = 0; times < 2; times++) {
      run("plan", "@m.onnx", "--backend", "cpu", "-o", "@plan.json");
      run("calibrate", "@m.onnx", "--plan", "@plan.json", "--data", "@d.yaml", "-o", "@x.calib");
      run(
          "convert",
          "@m.onnx",
          "--plan",
          "@plan.json",
          "--calibration",
          "@x.calib",
          "-o",
          "@q.onnx");
      run("quantize", "@m.onnx", "--backend", "cpu", "--data", "@d.yaml", "-o", "@two.onnx");
      run("run", "@q.onnx", "--data", "@d.yaml", "-o", "@out");
    }
    for (String file : files) {
      assertTrue(Files.isSymbolicLink(octet.file(file)), file);
    }
    assertTrue(Files.isSymbolicLink(octet.file("out").resolve("scores.npy")));
    assertEquals(
        List.of("plan.json", "q.onnx", "scores.npy", "two.onnx", "x.calib"),
        new CommandFixture(octet.file("real")).files());
    assertEquals(-1, Files.mismatch(octet.file("q.onnx"), octet.file("two.onnx")));
  }

  private static final List<String> COMMANDS =
      List.of(
          "plan @m.onnx --backend cpu -o OUT",
          "quantize @m.onnx --backend cpu --data @d.yaml -o OUT",
          "quantize @m.onnx --backend cpu --data @d.yaml -o @q.onnx --bom OUT",
          "calibrate @m.onnx --plan @p.json --data @d.yaml -o OUT",
          "convert @m.onnx --plan @p.json -o OUT",
          "merge @x.calib -o OUT",
          "source @m.onnx --scheme int8 -o OUT",
          "evaluate @m.onnx --data @d.yaml --junit OUT",
          "compare @m.onnx @m.onnx --data @d.yaml --html OUT");

  /** Nothing of the inputs is there: they are looked at later. */
  @Test
  void everyCommandRefusesWhatIsNoFileBeforeItReadsAnything() throws Exception {
    Files.delete(octet.file("m.onnx"));
    Files.delete(octet.file("d.yaml"));
    pipe(octet.file("pipe"));
    link(octet.file("to-a-pipe"), Path.of("pipe"));
    Map<String, String> wrong =
        Map.of(
            "@real", "this is a folder",
            "@pipe", "this is a device, a pipe or a socket, and no file",
            "@to-a-pipe", "this is a device, a pipe or a socket, and no file",
            "@none/q.onnx", "there is no folder '" + octet.file("none") + "'");
    for (String command : COMMANDS) {
      for (Map.Entry<String, String> each : wrong.entrySet()) {
        String output = each.getKey();
        CommandFixture.Result refused =
            octet.run((command.replace("OUT", output) + " --json").split(" "));
        assertEquals(2, refused.exitCode(), command + refused.err());
        assertEquals("OCT-CLI-002", refused.errorId(), command + output);
        assertEquals(
            "'" + octet.path(output) + "' cannot be written: " + each.getValue(),
            refused.json().get("error").asMapping().get("fact").asText());
      }
    }
    assertEquals(List.of("labels.npy", "pipe", "real", "to-a-pipe", "x.npy"), octet.files());
  }

  @Test
  void refusesAFolderThatCannotBeMadeBeforeAnythingRuns() throws IOException {
    Files.delete(octet.file("m.onnx"));
    for (String command :
        List.of(
            "quantize @m.onnx --backend cpu --data @d.yaml -o @q.onnx --keep @x.npy/kept --json",
            "run @m.onnx --data @d.yaml -o @x.npy/kept --json")) {
      CommandFixture.Result refused = octet.run(command.split(" "));
      assertEquals("OCT-CLI-002", refused.errorId(), refused.err());
      assertEquals(
          "folder '%s' cannot be made: '%s' is no folder"
              .formatted(octet.file("x.npy").resolve("kept"), octet.file("x.npy")),
          refused.json().get("error").asMapping().get("fact").asText());
    }
  }

  /** By a link, by another name of the same file, and by another way to it. */
  @Test
  void noOutputReplacesWhatIsReadByWhateverName() throws IOException {
    run("plan", "@m.onnx", "--backend", "cpu", "-o", "@p.json");
    run("calibrate", "@m.onnx", "--plan", "@p.json", "--data", "@d.yaml", "-o", "@x.calib");
    byte[] before = Files.readAllBytes(octet.file("x.npy"));
    for (String input : List.of("m.onnx", "d.yaml", "x.npy", "labels.npy")) {
      requireRefused("evaluate @m.onnx --data @d.yaml --junit OUT", input);
      requireRefused("compare @m.onnx @m.onnx --data @d.yaml --html OUT", input);
      requireRefused("quantize @m.onnx --backend cpu --data @d.yaml -o OUT", input);
      requireRefused("quantize @m.onnx --backend cpu --data @d.yaml -o @q.onnx --bom OUT", input);
      requireRefused("source @m.onnx --scheme int8 --data @d.yaml -o OUT", input);
      requireRefused("calibrate @m.onnx --plan @p.json --data @d.yaml -o OUT", input);
    }
    requireRefused("convert @m.onnx --plan @p.json --calibration @x.calib -o OUT", "x.calib");
    requireRefused("convert @m.onnx --plan @p.json --calibration @x.calib -o OUT", "p.json");
    requireRefused("merge @x.calib -o OUT", "x.calib");
    requireRefused("plan @m.onnx --backend cpu -o OUT", "m.onnx");
    assertArrayEquals(before, Files.readAllBytes(octet.file("x.npy")));
    assertFalse(Files.exists(octet.file("q.onnx")));
  }

  private void requireRefused(String command, String input) throws IOException {
    link(octet.file("link"), Path.of(input));
    Files.createLink(octet.file("name"), octet.file(input));
    for (String output : List.of("@" + input, "@link", "@name", "@real/../" + input)) {
      CommandFixture.Result refused =
          octet.run((command.replace("OUT", output) + " --json").split(" "));
      assertEquals(2, refused.exitCode(), command + output + refused.err());
      assertEquals("OCT-CLI-003", refused.errorId(), command + output);
    }
    Files.delete(octet.file("link"));
    Files.delete(octet.file("name"));
  }

  @Test
  void stepsThatAreKeptReplaceNothingThatIsRead() throws IOException {
    Path kept = Files.createDirectory(octet.file("kept"));
    Files.writeString(
        kept.resolve("plan.json"), "inputs: {in: {file: ../x.npy}}\nlabels: ../labels.npy\n");
    String description = Files.readString(kept.resolve("plan.json"));
    String quantize = "quantize @m.onnx --backend cpu -o @q.onnx --keep @kept --json --data ";
    assertEquals("OCT-CLI-003", octet.run((quantize + "@kept/plan.json").split(" ")).errorId());
    assertEquals(description, Files.readString(kept.resolve("plan.json")));
    Files.delete(kept.resolve("plan.json"));
    Files.createLink(kept.resolve("x.calib"), octet.file("x.npy"));
    assertEquals("OCT-CLI-003", octet.run((quantize + "@d.yaml").split(" ")).errorId());
    assertFalse(Files.exists(octet.file("q.onnx")));
    Files.delete(kept.resolve("x.calib"));
    run((quantize + "@d.yaml").split(" "));
    assertEquals(List.of("plan.json", "x.calib"), new CommandFixture(kept).files());
  }

  @Test
  void noTwoOutputsAreOneFile() throws IOException {
    Files.createDirectory(octet.file("kept"));
    link(octet.file("link"), Path.of("q.onnx"));
    String quantize = "quantize @m.onnx --backend cpu --data @d.yaml -o @q.onnx --json ";
    for (String more : List.of("--bom @q.onnx", "--bom @link", "--bom @real/../q.onnx")) {
      CommandFixture.Result refused = octet.run((quantize + more).split(" "));
      assertEquals("OCT-CLI-002", refused.errorId(), more);
      String fact = refused.json().get("error").asMapping().get("fact").asText();
      assertTrue(fact.endsWith("is named by '-o' and by '--bom'"), fact);
    }
    CommandFixture.Result refused =
        octet.run((quantize + "--keep @kept --bom @kept/plan.json").split(" "));
    assertEquals("OCT-CLI-002", refused.errorId());
    assertFalse(Files.exists(octet.file("q.onnx")));
    assertEquals(List.of(), new CommandFixture(octet.file("kept")).files());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "--version",
        "help plan",
        "backends",
        "backends --json",
        "generate-completion",
        "inspect @m.onnx",
        "inspect @m.onnx --json",
        "plan @m.onnx --backend cpu -o -",
        "plan @m.onnx --backend cpu -o @p.json",
        "evaluate @m.onnx --data @d.yaml",
        "quantize @m.onnx --backend cpu --data @d.yaml -o @q.onnx --bom -"
      })
  void anAnswerThatIsLostIsAnError(String line) {
    CommandFixture.Result lost = octet.runWithoutOutput(line.split(" "));
    assertEquals(2, lost.exitCode(), lost.err());
    String message =
        "octet: OCT-CLI-002: standard output cannot be written: it is closed, or its disk is full";
    assertTrue(lost.err().contains(message), lost.err());
    assertEquals(lost.err().indexOf(message), lost.err().lastIndexOf(message), lost.err());
  }

  @Test
  void whoHasNothingToSayLosesNothing() {
    CommandFixture.Result quiet =
        octet.runWithoutOutput(
            "quantize @m.onnx --backend cpu --data @d.yaml -o @q.onnx -q".split(" "));
    assertEquals(0, quiet.exitCode(), quiet.err());
  }

  private static void pipe(Path pipe) throws Exception {
    try {
      assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0);
    } catch (IOException e) {
      assumeTrue(false, "no pipes with names here");
    }
  }

  private void run(String... words) {
    CommandFixture.Result result = octet.run(words);
    assertEquals(0, result.exitCode(), result.err());
  }

  private static void link(Path link, Path target) throws IOException {
    try {
      Files.createSymbolicLink(link, target);
    } catch (UnsupportedOperationException e) {
      assumeTrue(false, "no symbolic links here");
    }
  }
}
