package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.cli.CommandFixture.Result;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Command;

class OctetTest {

  @TempDir Path folder;
  private CommandFixture octet;

  @BeforeEach
  void makeFixture() {
    octet = new CommandFixture(folder);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "quantise",
        "quantize",
        "quantize m.onnx",
        "plan m.onnx --backend cpu",
        "plan m.onnx n.onnx --backend cpu -o p",
        "run m.onnx --data d -o r --threads many",
        "run m.onnx --data d -o r --threads 0",
        "merge -o x",
        "backends --no-such-option"
      })
  void endsABadCommandLineWith2AndOneMessage(String line) {
    Result result = octet.run(line.isEmpty() ? new String[0] : line.split(" "));
    assertEquals(2, result.exitCode(), result.err());
    assertEquals("", result.out());
    assertTrue(result.err().startsWith("octet: OCT-CLI-0"), result.err());
    assertEquals(1, result.err().lines().filter(l -> l.startsWith("octet: ")).count());
  }

  @Test
  void namesNearMissesOfACommand() {
    Result result = octet.run("quantise", "m.onnx");
    assertTrue(result.err().contains("there is no command 'quantise'"), result.err());
    assertTrue(result.err().contains("quantize"), result.err());
  }

  /** A misspelt option is missing, too, and may stand before what has no name. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "quantize m.onnx --backnd cpu -o q.onnx",
        "quantize --backnd=cpu m.onnx",
        "quantize --backnd",
        "quantize m.onnx --backend cpu -o q.onnx --backnd cpu"
      })
  void namesNearMissesOfAnOption(String line) {
    Result result = octet.run(line.split(" "));
    assertEquals(2, result.exitCode());
    assertTrue(result.err().contains("there is no option '--backnd'"), result.err());
    assertTrue(result.err().contains("--backend"), result.err());
  }

  @Test
  void explainsACommandAsHelpToo() {
    assertEquals(octet.run("quantize", "--help").out(), octet.run("help", "quantize").out());
    assertEquals(octet.run("--help").out(), octet.run("help").out());
    Result unknown = octet.run("help", "quantise");
    assertEquals(2, unknown.exitCode());
    assertTrue(unknown.err().startsWith("octet: OCT-CLI-001"), unknown.err());
  }

  @Test
  void writesACompletionForShells() {
    Result result = octet.run("generate-completion");
    assertEquals(0, result.exitCode());
    assertTrue(result.out().contains("complete -F _complete_octet"), result.out());
    assertTrue(result.out().contains("--backend"), result.out());
  }

  @Test
  void givesErrorsAsADocumentWithJson() {
    Result result = octet.run("plan", "--json");
    assertEquals("OCT-CLI-001", result.errorId());
    assertEquals(
        "See 'octet plan --help'.", result.json().get("error").asMapping().get("next").asText());
  }

  static List<String> commands() {
    return Stream.of(Octet.class.getAnnotation(Command.class).subcommands())
        .map(command -> command.getAnnotation(Command.class).name())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void explainsEveryCommandWithAnExample(String command) {
    Result result = octet.run(command, "--help");
    assertEquals(0, result.exitCode());
    assertTrue(result.out().startsWith("Usage: octet " + command), result.out());
    assertTrue(result.out().contains("Example:\n  octet " + command), result.out());
    assertTrue(result.out().contains("--json"), result.out());
    assertTrue(result.out().lines().allMatch(line -> line.length() <= 80), result.out());
  }

  @Test
  void listsTheCommandsAndTheExitCodes() {
    Result result = octet.run("--help");
    assertTrue(result.out().contains("quantize"), result.out());
    String words = result.out().replaceAll("\\s+", " ");
    assertTrue(words.contains("1 a requirement did not hold"), result.out());
    assertTrue(words.contains("5 the backend or runtime refused"), result.out());
    assertTrue(words.contains("129, 130 and 143 ended by"), result.out());
  }

  @Test
  void saysTheSameInEveryLocale() {
    String expected = octet.run("backends", "cpu").out();
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("tr-TR-u-nu-arab"));
      assertEquals(expected, octet.run("backends", "cpu").out());
    } finally {
      Locale.setDefault(before);
    }
  }
}
