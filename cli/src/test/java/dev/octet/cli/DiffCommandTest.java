package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.tree.Tree;
import dev.octet.cli.CommandFixture.Result;
import dev.octet.workflow.Catalogs;
import dev.octet.workflow.diff.Diff;
import dev.octet.workflow.diff.FileKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiffCommandTest {

  @TempDir Path folder;
  private CommandFixture octet;

  @BeforeEach
  void plans() throws IOException {
    octet = new CommandFixture(folder);
    octet.writeClassifier(13);
    plan("a");
  }

  @Test
  void twoPlansThatDifferInOneDecisionAreOneLine() {
    plan("b", "exclude=node:head");
    assertEquals(
        List.of(
            "node 'head' is quantized by rule dense -> float (excluded by node 'head'"
                + " (option exclude))"),
        lines(differ("a.json", "b.json")));
    assertEquals(1, lines(differ("b.json", "a.json")).size());
  }

  @Test
  void anEditOfANodeIsOneLine() throws IOException {
    edit("b", "\"name\": \"head\",", "\"quantized\": true", "\"quantized\": false");
    assertEquals(
        List.of("node 'head' is quantized by rule dense -> float"),
        lines(differ("a.json", "b.json")));
  }

  /** The group has two points in two nodes, and is one decision. */
  @Test
  void anEditOfAGroupIsOneLine() throws IOException {
    edit("b", "\"group\": \"r\",\n      \"spec\"", "min-max", "entropy");
    List<String> lines = lines(differ("a.json", "b.json"));
    assertEquals(1, lines.size(), lines::toString);
    assertTrue(lines.get(0).startsWith("group 'r' is "), lines::toString);
    assertTrue(lines.get(0).contains("min-max"), lines::toString);
    assertTrue(lines.get(0).contains(" -> "), lines::toString);
    assertTrue(lines.get(0).contains("entropy"), lines::toString);
  }

  /** The node's operand and result are in the group of the node before it. */
  @Test
  void aNodeWithoutWhichAGroupFallsApartIsOneLine() {
    String sample = Path.of("..", "examples", "sample", "shapes.onnx").toAbsolutePath().toString();
    succeed("plan", sample, "--backend", "cpu", "-o", "@a.json");
    succeed(
        "plan", sample, "--backend", "cpu", "--option", "exclude=head/flatten", "-o", "@b.json");
    List<String> lines = lines(differ("a.json", "b.json"));
    assertEquals(1, lines.size(), lines::toString);
    assertTrue(lines.get(0).startsWith("node 'head/flatten' is "), lines::toString);
    assertEquals(1, lines(differ("b.json", "a.json")).size());
  }

  @Test
  void pointsThatNoLongerShareParametersAreOneLine() throws IOException {
    String plan = Files.readString(octet.file("a.json"));
    int head = plan.indexOf("\"name\": \"head\",");
    int groups = plan.indexOf("\"groups\": [");
    int start = plan.indexOf("{\n      \"group\": \"r\",");
    String listed = plan.substring(start, plan.indexOf("\n    }", start));
    octet.write(
        "b.json",
        plan.substring(0, head)
            + plan.substring(head, groups).replaceFirst("\"group\": \"r\"", "\"group\": \"s\"")
            + plan.substring(groups)
                .replaceFirst("\\[", "[" + listed.replace("\"r\"", "\"s\"") + "\n    },"));
    assertEquals(List.of("group 'r' is split into 'r', 's'"), lines(differ("a.json", "b.json")));
    assertEquals(List.of("group 'r' joins 'r', 's'"), lines(differ("b.json", "a.json")));
  }

  @Test
  void aNodeThatIsNoLongerFusedAndTheOneBeforeItAreALineEach() {
    plan("b", "exclude=node:relu");
    List<String> lines = lines(differ("a.json", "b.json"));
    assertEquals(2, lines.size(), lines::toString);
    assertEquals("node 'hidden' is nothing more -> result 0 quantized", lines.get(0));
    assertTrue(
        lines.get(1).startsWith("node 'relu' is quantized by rule dense -> float"), lines.get(1));
  }

  @Test
  void plansThatDecideTheSameAreEqualWhateverTheyWereToldToDo() throws IOException {
    Result same = octet.run("diff", "@a.json", "@a.json");
    assertEquals(0, same.exitCode(), same.err());
    assertEquals("The plans are equal.", same.out().strip());
    plan("b", "observer=min-max");
    assertEquals(
        List.of("option 'observer' is not given -> min-max"), lines(differ("a.json", "b.json")));
    edit("b", "\"name\": \"head\",", "\"decidedBy\": \"", "\"decidedBy\": \"me and ");
    assertEquals(0, octet.run("diff", "@a.json", "@b.json").exitCode());
  }

  @Test
  void calibrationsDifferInRangesScalesAndZeroPoints() throws IOException {
    octet.writeTwoParts();
    calibrate("d.yaml", "a");
    calibrate("first.yaml", "b");
    assertEquals(0, octet.run("diff", "@a.calib", "@a.calib").exitCode());
    List<String> lines = lines(differ("a.calib", "b.calib"));
    assertEquals("samples 'number' is 12 -> 5", lines.get(0));
    String input =
        lines.stream().filter(l -> l.startsWith("group 'in' ")).findFirst().orElseThrow();
    assertTrue(input.startsWith("group 'in' has minimum -11 -> -4, maximum 12 -> 5,"), input);
    assertTrue(input.contains(", scale 0.09019608 -> 0.03529412, zero point "), input);
  }

  @Test
  void calibrationsOfOtherGroupsNameThem() throws IOException {
    calibrate("d.yaml", "a");
    plan("a", "exclude=node:relu", "observer=entropy");
    calibrate("d.yaml", "b");
    List<String> lines = lines(differ("a.calib", "b.calib"));
    assertTrue(
        lines.stream()
            .anyMatch(l -> l.startsWith("group 'h' is in the second calibration alone (")),
        lines::toString);
    assertTrue(
        lines.stream().anyMatch(l -> l.startsWith("group 'in' is ") && l.contains("entropy")),
        lines::toString);
  }

  @Test
  void modelsDifferInConstantsNodesAndMetadata() throws IOException {
    calibrate("d.yaml", "a");
    convert("a");
    octet.writeTwoParts();
    calibrate("first.yaml", "b");
    convert("b");
    assertEquals(0, octet.run("diff", "@a.onnx", "@a.onnx").exitCode());
    List<String> lines = lines(differ("a.onnx", "b.onnx"));
    assertTrue(lines.contains("tensor 'in_scale' is 0.09019608 -> 0.03529412"), lines::toString);
    assertTrue(lines.contains("metadata 'octet.samples' is 12 -> 5"), lines::toString);
    List<String> nodes = lines(differ("m.onnx", "a.onnx"));
    assertTrue(nodes.contains("tensor 'w1' is in the first model alone"), nodes::toString);
    assertTrue(nodes.contains("node 'hidden' is another"), nodes::toString);
  }

  @Test
  void modelsThatAreStoredOtherwiseDifferInAByte() throws IOException {
    byte[] bytes = Files.readAllBytes(octet.file("m.onnx"));
    // A field that no version of ONNX has, behind all others.
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 4);
    System.arraycopy(new byte[] {(byte) 0xf8, 0x3f, 1, 0}, 0, longer, bytes.length, 3);
    Files.write(octet.file("other.onnx"), Arrays.copyOf(longer, bytes.length + 3));
    assertEquals(
        List.of("byte '%s' is the first that is another".formatted(bytes.length)),
        lines(differ("m.onnx", "other.onnx")));
  }

  @Test
  void filesOfDifferentKindsAreRefused() {
    calibrate("d.yaml", "a");
    Result result = octet.run("diff", "@a.json", "@a.calib", "--json");
    assertEquals(2, result.exitCode(), result.err());
    assertEquals("OCT-DIFF-001", result.errorId());
    assertTrue(result.err().contains("a.json' is a plan and '"), result.err());
    assertEquals("OCT-FILE-001", octet.run("diff", "@a.json", "@none", "--json").errorId());
  }

  @Test
  void programsGetTheSame() {
    plan("b", "exclude=node:head");
    Diff compared =
        Diff.ofFiles(
            Catalogs.discover(getClass().getClassLoader()),
            octet.file("a.json"),
            octet.file("b.json"));
    assertEquals(FileKind.PLAN, compared.kind());
    assertEquals(
        lines(differ("a.json", "b.json")),
        compared.differences().stream().map(Object::toString).toList());
  }

  private void plan(String name, String... options) {
    List<String> words =
        new ArrayList<>(List.of("plan", "@m.onnx", "--backend", "cpu", "-o", "@" + name + ".json"));
    for (String option : options) {
      words.addAll(List.of("--option", option));
    }
    succeed(words.toArray(String[]::new));
  }

  private void calibrate(String data, String name) {
    succeed(
        "calibrate",
        "@m.onnx",
        "--plan",
        "@a.json",
        "--data",
        "@" + data,
        "-o",
        "@" + name + ".calib");
  }

  private void convert(String name) {
    succeed(
        "convert",
        "@m.onnx",
        "--plan",
        "@a.json",
        "--calibration",
        "@" + name + ".calib",
        "-o",
        "@" + name + ".onnx");
  }

  /** Replaces the first of some text behind some place of plan a. */
  private void edit(String to, String place, String text, String other) throws IOException {
    String plan = Files.readString(octet.file("a.json"));
    int at = plan.indexOf(text, plan.indexOf(place));
    String edited = plan.substring(0, at) + other + plan.substring(at + text.length());
    assertNotEquals(plan, edited);
    octet.write(to + ".json", edited);
  }

  private void succeed(String... words) {
    Result result = octet.run(words);
    assertEquals(0, result.exitCode(), result.err());
  }

  private Result differ(String first, String second) {
    Result result = octet.run("diff", "@" + first, "@" + second);
    assertEquals(1, result.exitCode(), result.err());
    Result json = octet.run("diff", "@" + first, "@" + second, "--json");
    assertEquals(1, json.exitCode(), json.err());
    List<Tree> differences = json.json().get("differences").asItems();
    assertEquals(lines(result).size(), differences.size(), json.out());
    return result;
  }

  private static List<String> lines(Result result) {
    return result.out().lines().toList();
  }
}
