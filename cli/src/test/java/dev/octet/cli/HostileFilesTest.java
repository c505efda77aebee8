package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octet.annotation.tree.SpecTree;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import dev.octet.api.tree.Tree;
import dev.octet.cli.CommandFixture.Result;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.workflow.text.JsonText;
import java.io.IOException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Recipes, data, calibrations and names of people who mean harm end as errors with an id, soon and
 * in little memory, and steer no terminal.
 */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileFilesTest {

  private static final String CASES = System.getProperty("octet.cases", "");

  @TempDir Path folder;
  private CommandFixture octet;

  @BeforeEach
  void writeFiles() throws IOException {
    octet = new CommandFixture(folder);
    octet.writeClassifier(13);
  }

  private static String input(String name) {
    assumeTrue(!CASES.isEmpty(), "the cases are absent: set the system property octet.cases");
    return Path.of(CASES, "input", name).toString();
  }

  private static void assertRefused(Result result) {
    assertTrue(List.of(2, 3).contains(result.exitCode()), result.exitCode() + ": " + result.err());
    assertTrue(result.errorId().startsWith("OCT-"), result.out());
  }

  private Result plan(String model, String recipe) {
    return octet.run(
        "plan", model, "--backend", "cpu", "--recipe", recipe, "-o", "@p.json", "--json");
  }

  private Result run(String model, String data) {
    return octet.run("run", model, "--data", data, "-o", "@out", "--json");
  }

  @ParameterizedTest
  @CsvSource({"exp, imgmodel", "bigint, imgmodel", "redos2, modulelong"})
  void recipesOfTheCasesAreRefused(String recipe, String model) {
    assertRefused(plan(input(model + ".onnx"), input(recipe + ".yaml")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"im_5547919e", "im_b14b0b04", "nulpath"})
  void dataOfTheCasesIsRefused(String name) {
    assertRefused(run(input("imgmodel.onnx"), input(name + ".yaml")));
  }

  @Test
  void theForgedCalibrationOfTheCasesIsRefused() {
    assertRefused(octet.run("inspect", input("cal_a3bcb8bc.calib"), "--json"));
  }

  @Test
  void theNamesOfTheCasesSteerNoTerminal() {
    Result result =
        octet.run("plan", input("ansi_names.onnx"), "--backend", "cpu", "-o", "@p.json");
    assertEquals(0, result.exitCode(), result.err());
    assertTrue(result.out().contains("\\u{1b}[2J"), result.out());
    assertPlain(result);
    Result document =
        octet.run("plan", input("ansi_names.onnx"), "--backend", "cpu", "-o", "@p.json", "--json");
    assertTrue(
        document.out().contains("\\u001B[2J\\u001B]0;pwned\\u0007\\nfake line: 0 errors\""),
        document.out());
    assertPlain(document);
  }

  private static void assertPlain(Result result) {
    String said = result.out() + result.err();
    assertTrue(said.chars().noneMatch(c -> c < ' ' && c != '\n'), said);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "options: {percentile: 1e999999999}|OCT-TREE-007",
        "options: {percentile: -1.5E-999999999}|OCT-TREE-007",
        "options: {observer: 'percentile:1e-999999999'}|OCT-OPT-003",
        "rules: [{where: {constantElementsAtLeast: 1e2147483647}, exclude: true}]|OCT-TREE-007",
        "rules: [{where: {attributes: {alpha: 0e-99999999}}, exclude: true}]|OCT-TREE-007",
        "1e999999999: 1|OCT-TREE-003",
        "rules: [{module-regex: '((((', exclude: true}]|OCT-POL-004",
        "rules: [{module-regex: '()?()?()?()?()?()?()?()?a', exclude: true}]|OCT-POL-012"
      })
  void recipesWithNumbersAndPatternsWithoutBoundAreRefused(String text, String id)
      throws IOException {
    octet.write("r.yaml", "recipe: 1\n" + text + "\n");
    Result result = plan("@m.onnx", "@r.yaml");
    assertRefused(result);
    assertEquals(id, result.errorId(), result.out());
  }

  @Test
  void recipesOfLongNumbersKeysAndDeepListsAreRefused() throws IOException {
    for (String text :
        List.of(
            "recipe: " + "9".repeat(2_000_000),
            "recipe: 0x" + "f".repeat(2_000_000),
            "recipe: 1." + "3".repeat(2_000_000),
            "recipe: 1\n? '" + "k".repeat(2_000_000) + "'\n: 1",
            "recipe: " + "[".repeat(100_000),
            "recipe: 1\n? '" + "k".repeat(100_000) + "'\n: [" + "0,".repeat(100_000) + "]",
            "a: &a [0]\nb: &b [" + "*a,".repeat(60) + "]\nc: [" + "*b,".repeat(60) + "]")) {
      octet.write("r.yaml", text + "\n");
      assertRefused(plan("@m.onnx", "@r.yaml"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'\"a\\0b\"', OCT-FILE-004",
    "'\"\"', OCT-FILE-004",
    "'.', OCT-DATA-017",
    "'\"a\\nb\"', OCT-DATA-001"
  })
  void filesOfDataThatAreNoneAreRefused(String yaml, String id) throws IOException {
    for (String text :
        List.of(
            "inputs: {in: {file: " + yaml + "}}",
            "inputs: {in: {file: x.npy}}\nlabels: " + yaml,
            "tokens: " + yaml)) {
      octet.write("d.yaml", text + "\n");
      Result result = run("@m.onnx", "@d.yaml");
      assertRefused(result);
      if (text.startsWith("inputs: {in: {file: " + yaml)) {
        assertEquals(id, result.errorId(), result.out());
      }
    }
  }

  @Test
  void aPathThatIsTooLongIsNoFile() throws IOException {
    octet.write("d.yaml", "inputs: {in: {file: " + "d/".repeat(10_000) + "x.npy}}\n");
    assertEquals("OCT-DATA-001", run("@m.onnx", "@d.yaml").errorId());
    assertRefused(run("@m.onnx", "n".repeat(5000)));
    assertRefused(plan("m".repeat(5000), "@r.yaml"));
  }

  @Test
  void wordsOfTheCommandLineThatAreNoPathsAreRefused() {
    Result nul = run("a\0b.onnx", "@d.yaml");
    assertEquals(3, nul.exitCode());
    assertEquals("OCT-FILE-004", nul.errorId());
    assertFalse(nul.err().contains("\0"), nul.err());
    Result jar = octet.run("backends", "--class-path", "a\0b.jar", "--json");
    assertEquals("OCT-FILE-004", jar.errorId());
    assertEquals("OCT-FILE-004", run("", "@d.yaml").errorId());
  }

  @Test
  void metadataOfAFractionalZeroPointIsRefused() throws IOException {
    Tree.Mapping meaning =
        SpecTree.toTree(QuantizationSpec.Fixed.of(QuantizedType.of(Storage.INT8), 0x1p-7f, 77));
    String text = JsonText.write(meaning).replace("77", "0.5");
    Model model = CommandFixture.classifier(13).withMetadata(Map.of("octet.input.in", text));
    new OnnxFormat().write(model, octet.file("forged.onnx"));
    Result result = octet.run("inspect", "@forged.onnx", "--json");
    assertEquals("OCT-TREE-005", result.errorId(), result.out());
  }

  @Test
  void aListOfServicesThatFillsTheMemoryHidesNoOther() throws IOException {
    AtomicBoolean full = new AtomicBoolean(true);
    URL list =
        new URL(
            null,
            "jar:bomb",
            new URLStreamHandler() {
              @Override
              protected URLConnection openConnection(URL url) throws IOException {
                if (full.getAndSet(false)) {
                  throw new OutOfMemoryError("list");
                }
                throw new IOException("closed");
              }
            });
    ClassLoader loader =
        new ClassLoader(HostileFilesTest.class.getClassLoader()) {
          @Override
          public Enumeration<URL> getResources(String name) throws IOException {
            List<URL> all = new ArrayList<>(List.of(list));
            all.addAll(Collections.list(super.getResources(name)));
            return Collections.enumeration(all);
          }
        };
    List<String> entries =
        QuantizerCatalog.discover(loader).entries().stream().map(Object::toString).toList();
    assertTrue(entries.stream().anyMatch(e -> e.contains("OutOfMemoryError: list")), "" + entries);
    assertTrue(entries.stream().anyMatch(e -> e.contains("cpu")), "" + entries);
  }

  @Test
  void aDeviceWithoutEndIsNoText() throws IOException {
    assumeTrue(Files.exists(Path.of("/dev/zero")), "there is no /dev/zero");
    assertEquals("OCT-TREE-026", plan("@m.onnx", "/dev/zero").errorId());
    octet.write("d.yaml", "inputs: {in: {file: x.npy}}\nlabels: labels.npy\nclasses: /dev/zero\n");
    assertEquals("OCT-TREE-026", run("@m.onnx", "@d.yaml").errorId());
  }

  @Test
  void aPipeThatNobodyWritesToIsRefusedInsteadOfWaitedFor() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/mkfifo")), "there is no mkfifo");
    Path pipe = folder.resolve("pipe");
    assertEquals(0, new ProcessBuilder("/usr/bin/mkfifo", pipe.toString()).start().waitFor());
    String text = pipe.toString();
    assertEquals("OCT-FILE-002", plan("@m.onnx", text).errorId());
    assertEquals("OCT-FILE-002", octet.run("inspect", text, "--json").errorId());
    assertRefused(run(text, "@d.yaml"));
    assertRefused(run("@m.onnx", text));
    assertRefused(octet.run("backends", "--class-path", text, "--json"));
    octet.write("d.yaml", "inputs: {in: {file: x.npy}}\nlabels: labels.npy\nclasses: pipe\n");
    assertRefused(run("@m.onnx", "@d.yaml"));
  }

  @Test
  void whatHasNoEndIsHashedByNobody() {
    assumeTrue(Files.exists(Path.of("/dev/zero")), "there is no /dev/zero");
    Result result = octet.run("verify", "@m.onnx", "--model", "/dev/zero", "--json");
    assertRefused(result);
  }

  @Test
  void aFolderWithMorePartsThanThereAreIsRefused() {
    Result result =
        octet.run("run", "@m.onnx", "--data", "@d.yaml", "-o", "@" + "a/".repeat(5000), "--json");
    assertEquals("OCT-CLI-002", result.errorId(), result.err());
    assertFalse(Files.exists(folder.resolve("a")), "what was made of it is removed");
  }

  @Test
  void boundsThatAreNoNumbersAreNotUnderstood() throws IOException {
    octet.write("d.yaml", "inputs: {in: {file: x.npy}}\n");
    for (String decibels : List.of("NaN", "Infinity", "-Infinity", "1e999")) {
      String bound = "--least-sqnr=" + decibels;
      Result result =
          octet.run(
              "quantize",
              "@m.onnx",
              "--backend",
              "cpu",
              "--data",
              "@d.yaml",
              bound,
              "-o",
              "@q.onnx");
      assertEquals(2, result.exitCode(), result.err());
      assertTrue(result.err().contains("OCT-CLI-001: --least-sqnr is "), result.err());
    }
  }

  @Test
  void aWordIsNoFileOfWords() {
    assertEquals("OCT-CLI-001", octet.run("inspect", "--json", "-@/dev/zero").errorId());
    assertFalse(octet.run("@/dev/zero", "--json").err().contains("OCT-CLI-07"));
  }

  @Test
  void namesOfInputsSteerNoTerminal() throws IOException {
    octet.npy("x.npy", Tensor.of(new float[] {1, 2, 3, 4}, 1, 4));
    octet.write("d.yaml", "inputs: {\"\\e[2J\\u202e\\nfake\": {file: x.npy}}\n");
    Result result = octet.run("run", "@m.onnx", "--data", "@d.yaml", "-o", "@out");
    assertEquals(3, result.exitCode());
    assertTrue(
        result.err().contains("the model has no input '\\u{1b}[2J\\u{202e}\\u{a}fake'"),
        result.err());
    assertEquals(1, result.err().lines().count(), result.err());
  }
}
