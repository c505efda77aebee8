package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.tree.Tree;
import dev.octet.cli.CommandFixture.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Recipes and policy options on the commands. */
class RecipeTest {

  @TempDir Path folder;
  private CommandFixture octet;

  @BeforeEach
  void writeFiles() throws IOException {
    octet = new CommandFixture(folder);
    octet.writeClassifier(13);
  }

  private Result plan(String... more) {
    return run(Stream.of("plan", "@m.onnx", "--backend", "cpu", "-o", "@p.json"), more);
  }

  private Result quantize(String... more) {
    return run(
        Stream.of("quantize", "@m.onnx", "--backend", "cpu", "--data", "@d.yaml", "-o", "@q.onnx"),
        more);
  }

  private Result run(Stream<String> words, String... more) {
    return octet.run(Stream.concat(words, Stream.of(more)).toArray(String[]::new));
  }

  private void recipe(String text) throws IOException {
    octet.write("r.yaml", "recipe: 1\n" + text);
  }

  private static List<String> deciders(Result result) {
    assertEquals(0, result.exitCode(), result.err());
    return result.json().get("decisions").asItems().stream()
        .map(node -> node.asMapping().get("decidedBy").asText())
        .toList();
  }

  @Test
  void planShowsWhoDecidedOnEveryNode() throws IOException {
    recipe("rules:\n  - node: relu\n    exclude: true\n");
    Result json = plan("--recipe", "@r.yaml", "--option", "exclude=op:Gemm", "--json");
    assertEquals(
        List.of(
            "operator type 'Gemm' (option exclude)",
            "node 'relu' (r.yaml, line 3)",
            "operator type 'Gemm' (option exclude)"),
        deciders(json));
    String plan = Files.readString(octet.file("p.json"));
    assertTrue(plan.contains("\"decidedBy\": \"node 'relu' (r.yaml, line 3)\""), plan);
    String people = plan("--recipe", "@r.yaml").out();
    assertTrue(
        people
            .lines()
            .anyMatch(l -> l.matches(" *relu +Relu +no +node 'relu' \\(r.yaml, line 3\\)")),
        people);
    assertTrue(people.lines().anyMatch(l -> l.matches(" *head +Gemm +yes +rule .*")), people);
  }

  @Test
  void inspectShowsWhoDecidedInAPlan() {
    plan("--option", "exclude=relu");
    String people = octet.run("inspect", "@p.json").out();
    assertTrue(people.contains("excluded by node 'relu' (option exclude)"), people);
    assertTrue(people.lines().anyMatch(l -> l.matches(" *head +Gemm +yes +rule [a-z-]+")), people);
  }

  @Test
  void quantizeFollowsTheRecipe() throws IOException {
    recipe("options: {observer: entropy}\nrules:\n  - node: relu\n    exclude: true\n");
    Result result = quantize("--recipe", "@r.yaml", "--keep", "@kept", "--json");
    assertEquals(0, result.exitCode(), result.err());
    Tree.Mapping relu = result.json().get("floatNodes").asItems().get(0).asMapping();
    assertEquals("excluded by node 'relu' (r.yaml, line 4)", relu.get("reason").asText());
    String plan = Files.readString(octet.file("kept/plan.json"));
    assertTrue(plan.contains("\"entropy\""), plan);
  }

  @Test
  void aPlanOfARecipeIsEnoughForTheStepsAfterIt() throws IOException {
    recipe("rules:\n  - node: relu\n    exclude: true\n");
    assertEquals(0, plan("--recipe", "@r.yaml", "--option", "exclude=hidden").exitCode());
    Result calibrated =
        octet.run(
            "calibrate", "@m.onnx", "--plan", "@p.json", "--data", "@d.yaml", "-o", "@c.calib");
    assertEquals(0, calibrated.exitCode(), calibrated.err());
    Result converted =
        octet.run(
            "convert",
            "@m.onnx",
            "--plan",
            "@p.json",
            "--calibration",
            "@c.calib",
            "-o",
            "@four.onnx");
    assertEquals(0, converted.exitCode(), converted.err());
    assertEquals(0, quantize("--recipe", "@r.yaml", "--option", "exclude=hidden").exitCode());
    assertEquals(-1, Files.mismatch(octet.file("q.onnx"), octet.file("four.onnx")));
  }

  @Test
  void aCalibrationThatLacksWhatAnotherPolicyNeedsIsRefused() throws IOException {
    plan();
    octet.run("calibrate", "@m.onnx", "--plan", "@p.json", "--data", "@d.yaml", "-o", "@c.calib");
    recipe("rules:\n  - node: relu\n    exclude: true\n");
    plan("--recipe", "@r.yaml");
    Result converted =
        octet.run(
            "convert",
            "@m.onnx",
            "--plan",
            "@p.json",
            "--calibration",
            "@c.calib",
            "-o",
            "@q.onnx",
            "--json");
    assertEquals("OCT-CONV-006", converted.errorId(), converted.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rule: []                                         | 3 | OCT-TREE-003",
        "rules: [{node: relu}]                            | 3 | OCT-POL-007",
        "options: {colour: red}                           | 3 | OCT-OPT-001",
        "options: {observer: best}                        | 3 | OCT-OPT-003",
        "rules: [{node: rellu, exclude: true}]            | 2 | OCT-POL-001",
        "rules: [{module: layer1, exclude: true}]         | 2 | OCT-POL-002",
        "rules: [{module-type: Conv2d, exclude: true}]    | 2 | OCT-POL-002",
        "rules: [{node: relu, options: {colour: red}}]    | 2 | OCT-POL-003"
      })
  void aWrongRecipeIsRefusedBeforeAnythingIsWritten(String recipe, int exitCode, String id)
      throws IOException {
    recipe(recipe + "\n");
    List<String> before = octet.files();
    for (Result result :
        List.of(plan("--recipe", "@r.yaml", "--json"), quantize("--recipe", "@r.yaml", "--json"))) {
      assertEquals(exitCode, result.exitCode(), result.out());
      assertEquals(id, result.errorId());
      assertTrue(result.err().contains("r.yaml"), result.err());
    }
    assertEquals(before, octet.files());
  }

  @Test
  void aRecipeThatDoesNotExistIsRefused() {
    Result result = plan("--recipe", "@none.yaml", "--json");
    assertEquals(3, result.exitCode());
    assertEquals("OCT-FILE-001", result.errorId());
  }

  @Test
  void theRecipeIsNotReplacedByTheResult() throws IOException {
    recipe("");
    Result result =
        octet.run(
            "plan",
            "@m.onnx",
            "--backend",
            "cpu",
            "--recipe",
            "@r.yaml",
            "-o",
            "@r.yaml",
            "--json");
    assertEquals("OCT-CLI-003", result.errorId());
    assertEquals("recipe: 1\n", Files.readString(octet.file("r.yaml")));
  }

  @ParameterizedTest
  @CsvSource({
    "exclude=global:, 4, OCT-CONV-008",
    "exclude=op:Gem, 2, OCT-POL-001",
    "exclude=module-regex:(, 2, OCT-POL-004",
    "configure=relu, 2, OCT-OPT-005",
    "configure=relu colour=red, 2, OCT-POL-003"
  })
  void optionsThatQuantizeNothingOrAreWrongWriteNothing(String option, int exitCode, String id)
      throws IOException {
    List<String> before = octet.files();
    Result result = quantize("--option", option, "--keep", "@kept", "--json");
    assertEquals(exitCode, result.exitCode(), result.out());
    assertEquals(id, result.errorId());
    assertEquals(before, octet.files());
  }

  @Test
  void aBackendThatQuantizesNothingPlansAndDoesNotQuantize() throws Exception {
    String source =
        """
        package idle;
        import dev.octet.api.option.*;
        import dev.octet.api.provider.*;
        import dev.octet.api.quantizer.Quantizer;
        import java.util.List;
        @BuiltFor(ApiVersion.CURRENT)
        public final class Provider implements QuantizerProvider {
          public String name() { return "idle"; }
          public String description() { return "a backend that quantizes nothing"; }
          public List<Capability> capabilities(Options options) { return List.of(); }
          public Quantizer create(Options options) { return context -> {}; }
        }
        """;
    String jar = CommandFixture.vendor("idle", source).build(folder, "idle.jar").toString();
    List<String> before = octet.files();
    Result quantized =
        octet.run(
            "quantize",
            "@m.onnx",
            "--backend",
            "idle",
            "--class-path",
            jar,
            "--option",
            "exclude=relu",
            "--data",
            "@d.yaml",
            "-o",
            "@q.onnx",
            "--json");
    assertEquals(4, quantized.exitCode(), quantized.out());
    assertEquals("OCT-CONV-008", quantized.errorId());
    assertEquals(before, octet.files());
    Result planned =
        octet.run(
            "plan",
            "@m.onnx",
            "--backend",
            "idle",
            "--class-path",
            jar,
            "--option",
            "exclude=relu",
            "-o",
            "@p.json",
            "--json");
    assertEquals(List.of("backend", "node 'relu' (option exclude)", "backend"), deciders(planned));
    assertTrue(planned.err().contains("OCT-PLAN-014"), planned.err() + planned.out());
  }

  @Test
  void aBackendsPageShowsTheOptionsOfTheFramework() {
    String page = octet.run("backends", "onnxruntime").out();
    assertTrue(page.contains("exclude: a pattern with * and ?"), page);
    assertTrue(page.contains("configure: any text"), page);
    List<String> names =
        octet.run("backends", "cpu", "--json").json().get("options").asItems().stream()
            .map(option -> option.asMapping().get("name").asText())
            .toList();
    assertEquals(
        List.of("exclude", "configure", "integers"), names.subList(names.size() - 3, names.size()));
  }
}
