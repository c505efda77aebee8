package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.rules.BackendRules;
import dev.octet.api.format.ModelFormat;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.cli.CommandFixture.Result;
import dev.octet.fixtures.jdk.GeneratedPage;
import dev.octet.fixtures.jdk.VendorJar;
import dev.octet.format.onnx.OnnxFormat;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Makes the mistakes of a vendor, and writes what the command says of each. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VendorMistakesTest {

  private static final GeneratedPage PAGE = new GeneratedPage("cli", VendorMistakesTest.class);
  private static final Path FILE = Path.of("../docs/vendor-mistakes.md");

  private Path folder;
  private CommandFixture octet;
  private final List<VendorMistakes.Mistake> mistakes = VendorMistakes.all();

  /** Compiles all mistakes at once; each is listed as a service in a folder of its own. */
  @BeforeAll
  void compile(@TempDir Path temporary) throws IOException {
    folder = temporary;
    octet = new CommandFixture(folder);
    octet.writeClassifier(13);
    writeOwnOperator();
    writeIndices();
    VendorJar jar = new VendorJar(QuantizerProvider.class).knowing(BackendRules.class);
    VendorMistakes.shared().forEach(jar::source);
    for (int i = 0; i < mistakes.size(); i++) {
      VendorMistakes.Mistake mistake = mistakes.get(i);
      if (!mistake.source().isEmpty()) {
        jar.source("acme." + name(i), mistake.source().replace("THIS", name(i)));
      }
      Class<?> service = mistake.isFormat() ? ModelFormat.class : QuantizerProvider.class;
      Path services = Files.createDirectories(folder.resolve(name(i) + "/META-INF/services"));
      Files.writeString(
          services.resolve(service.getName()), mistake.listed().replace("THIS", "acme." + name(i)));
    }
    jar.build(folder, "acme.jar");
  }

  /** Writes f.onnx, which has an operator of the vendor's. */
  private void writeOwnOperator() {
    Model model =
        CommandFixture.model(
            List.of(
                Node.of("fancy", new OpType("acme", "FancyOp"), List.of("in"), List.of("f")),
                Node.of("relu", OpType.onnx("Relu"), List.of("f"), List.of("scores"))),
            Map.of(),
            13,
            CommandFixture.value("in", "N", 4),
            CommandFixture.value("scores", "N", 4));
    new OnnxFormat().write(model.withOpset("acme", 1), octet.file("f.onnx"));
  }

  /** Writes i.onnx, whose output is integers without a backend. */
  private void writeIndices() {
    Model model =
        CommandFixture.model(
            List.of(CommandFixture.node("ArgMax", "in", "scores", Attribute.of("axis", 1L))),
            Map.of(),
            13,
            CommandFixture.value("in", "N", 4),
            CommandFixture.value("scores", DataType.INT64, "N", 1));
    new OnnxFormat().write(model, octet.file("i.onnx"));
  }

  private static String name(int i) {
    return "Mistake" + (i + 1);
  }

  private Result run(int i) {
    String classPath = folder.resolve("acme.jar") + File.pathSeparator + folder.resolve(name(i));
    String[] words =
        Stream.concat(
                Stream.of(mistakes.get(i).command().split(" ")),
                Stream.of("--class-path", classPath))
            .toArray(String[]::new);
    return octet.run(words);
  }

  @Test
  void everyMistakeHasAMessageAndNoneIsADefectOfOctet() throws IOException {
    List<String> wrong = new ArrayList<>();
    StringBuilder page = new StringBuilder(VendorMistakes.INTRODUCTION);
    for (int i = 0; i < mistakes.size(); i++) {
      VendorMistakes.Mistake mistake = mistakes.get(i);
      Result result = run(i);
      String message = result.err().lines().findFirst().orElse("");
      boolean found = message.matches("octet: (info|warning) .*'acme'.*");
      boolean silent = !found && (result.exitCode() == 0 || !message.startsWith("octet: "));
      if (silent || result.exitCode() == 70 || message.contains("defect of")) {
        wrong.add(mistake.kind() + ", " + mistake.what() + ": " + result);
      }
      page.append(row(mistake, message, i));
    }
    PAGE.requireCurrent(FILE, page.toString());
    assertEquals(List.of(), wrong);
  }

  @Test
  void answersThatContradictWhatThereIsHaveIdsOfTheirOwn() {
    assertMessage("writes no file", "octet: OCT-FMT-008: the model format of '");
    assertMessage("two of one extension", "octet: OCT-FMT-007: 2 model formats write '");
    assertMessage(
        "validate warns of a node that is not there",
        "octet: OCT-PLAN-028: backend 'acme' has a finding about node 'gone', and there is none");
    assertMessage(
        "alsoRunBy names 'onnxruntme'",
        "octet: info OCT-CONV-105: Backend 'acme' says that 'onnxruntme' runs its files, too.");
  }

  private void assertMessage(String mistake, String start) {
    String message = "";
    for (int i = 0; i < mistakes.size(); i++) {
      message = mistakes.get(i).what().equals(mistake) ? run(i).err() : message;
    }
    assertTrue(message.startsWith(start), message);
  }

  @Test
  void thereAreMistakesOfManyKinds() {
    long kinds = mistakes.stream().map(VendorMistakes.Mistake::kind).distinct().count();
    assertTrue(mistakes.size() >= 40, mistakes.size() + " mistakes");
    assertTrue(kinds >= 15, kinds + " kinds");
  }

  private String row(VendorMistakes.Mistake mistake, String message, int i) {
    String command = mistake.command().replace("@", "");
    String said =
        message
            .replace(folder + "/", "")
            .replaceAll("in Mistake\\d+", "in acme.jar")
            .replaceAll("(dev\\.octet\\.[\\w.]+) in [^ ,]*?(?=[,.]? )", "$1")
            .replaceAll("Mistake\\d+", "Provider")
            .replace("|", "\\|");
    return "| "
        + String.join(" | ", mistake.kind(), mistake.what(), "`" + command + "`", said)
        + " |\n";
  }
}
