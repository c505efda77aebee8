package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
