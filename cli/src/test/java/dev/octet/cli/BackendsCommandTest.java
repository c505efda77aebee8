package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.rules.BackendRules;
import dev.octet.annotation.rules.RuleBackend;
import dev.octet.annotation.rules.RuleTree;
import dev.octet.api.option.Options;
import dev.octet.api.tree.Tree;
import dev.octet.cli.CommandFixture.Result;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackendsCommandTest {

  @TempDir Path folder;
  private static final List<String> BACKENDS =
      List.of("arm", "cpu", "onnxruntime", "qnn", "x86", "xnnpack");

  private CommandFixture octet;

  @BeforeEach
  void makeFixture() {
    octet = new CommandFixture(folder);
  }

  @Test
  void listsWhatIsFound() {
    List<Tree> backends = octet.run("backends", "--json").json().get("backends").asItems();
    assertEquals(BACKENDS, backends.stream().map(b -> b.asMapping().get("name").asText()).toList());
    assertEquals("usable", backends.get(0).asMapping().get("status").asText());
    assertTrue(backends.get(0).asMapping().get("available").asBoolean());
  }

  @Test
  void listsBrokenProvidersOfTheClassPathAndWorksWithTheOthers() throws IOException {
    Path services = Files.createDirectories(octet.file("jar/META-INF/services"));
    Files.writeString(
        services.resolve("dev.octet.api.provider.QuantizerProvider"), "acme.Missing\n");
    Result listed = octet.run("backends", "--class-path", folder + "/jar");
    assertEquals(0, listed.exitCode(), listed.err());
    assertTrue(listed.out().contains("broken"), listed.out());
    assertTrue(listed.out().contains("cpu"), listed.out());
    Result json = octet.run("backends", "--json", "--class-path", folder + "/jar");
    List<Tree> backends = json.json().get("backends").asItems();
    Tree.Mapping broken = backends.get(backends.size() - 1).asMapping();
    assertEquals("broken", broken.get("status").asText());
    assertTrue(broken.get("cause").asText().contains("acme.Missing"), json.out());
    Result missing = octet.run("backends", "acme", "--json", "--class-path", folder + "/jar");
    assertEquals("OCT-REG-003", missing.errorId());
  }

  @Test
  void findsTheBackendOfAJarBesideABrokenOne() throws Exception {
    octet.writeClassifier(13);
    Path acme = CommandFixture.vendorWithoutKey("acme", "").build(folder, "acme.jar");
    Path broken =
        CommandFixture.vendorWithoutKey("broken", "throw new IllegalStateException(\"no key\");")
            .build(folder, "broken.jar");
    String classPath = broken + File.pathSeparator + acme;
    Result json = octet.run("backends", "--json", "--class-path", classPath);
    assertEquals(0, json.exitCode(), json.err());
    List<Tree> backends = json.json().get("backends").asItems();
    Tree.Mapping good = backends.get(0).asMapping();
    assertEquals("acme", good.get("name").asText());
    assertEquals("usable", good.get("status").asText());
    assertTrue(good.get("location").asText().endsWith("acme.jar"), json.out());
    Tree.Mapping bad = backends.get(backends.size() - 1).asMapping();
    assertEquals("broken", bad.get("status").asText());
    assertTrue(bad.get("cause").asText().contains("broken.Provider"), json.out());
    assertTrue(bad.get("cause").asText().contains("no key"), json.out());
    assertEquals(0, octet.run("backends", "acme", "--class-path", classPath).exitCode());
    String[] plan = {"plan", "@m.onnx", "-o", "@p.json", "--class-path", classPath, "--backend"};
    assertEquals(0, octet.run(with(plan, "cpu")).exitCode());
  }

  @Test
  void listsABackendThatCannotTellOfItselfAndHidesNoOther() throws Exception {
    String failing =
        "} public Availability availability() { throw new StackOverflowError(); } void more() {";
    Path acme = CommandFixture.vendorWithoutKey("acme", failing).build(folder, "acme.jar");
    Result listed = octet.run("backends", "--json", "--class-path", acme.toString());
    assertEquals(0, listed.exitCode(), listed.err());
    List<Tree> backends = listed.json().get("backends").asItems();
    Tree.Mapping broken = backends.get(0).asMapping();
    assertEquals("acme", broken.get("name").asText());
    assertEquals("broken", broken.get("status").asText());
    assertEquals(
        "backend 'acme' failed in availability: its calls never end (java.lang.StackOverflowError)",
        broken.get("cause").asText());
    assertEquals("usable", backends.get(1).asMapping().get("status").asText());
    Result table = octet.run("backends", "--class-path", acme.toString());
    assertTrue(table.out().contains("onnxruntime"), table.out());
  }

  @Test
  void laysTheFailureOfABackendToTheBackend() throws Exception {
    octet.writeClassifier(13);
    Path acme = CommandFixture.vendorWithoutKey("acme", "").build(folder, "acme.jar");
    String[] plan = {"plan", "@m.onnx", "-o", "@p.json", "--json", "--class-path", acme.toString()};
    Result result = octet.run(with(plan, "--backend", "acme"));
    assertEquals(5, result.exitCode(), result.err());
    assertEquals("OCT-REG-006", result.errorId());
    assertTrue(result.err().contains("backend 'acme' failed in create"), result.err());
    assertTrue(result.err().contains("no key"), result.err());
    assertTrue(result.err().contains("acme.jar"), result.err());
    assertFalse(Files.exists(octet.file("p.json")));
  }

  @Test
  void showsThePageOfABackend() {
    Tree.Mapping json = octet.run("backends", "cpu", "--json").json();
    Tree.Mapping option = json.get("options").asItems().get(0).asMapping();
    assertFalse(option.get("documentation").asText().isEmpty());
    assertTrue(json.get("capabilities").asItems().size() > 5);
    String page = octet.run("backends", "cpu").out();
    assertTrue(page.contains("exclude: a pattern with * and ?"), page);
    assertTrue(page.contains("configure: any text"), page);
    assertTrue(page.contains("  convolution: Conv, then perhaps Relu or Clip\n"), page);
    assertTrue(page.contains("weight: int8 from -127 to 127, symmetric, per output channel"), page);
    assertTrue(page.contains("  octet plan model.onnx --backend cpu --option"), page);
    assertTrue(page.lines().allMatch(line -> line.length() <= 80), page);
  }

  @Test
  void printsTheRulesOfEveryBackendOfOctet() {
    for (RuleBackend backend : BackendPagesTest.backends()) {
      Result result = octet.run("backends", backend.name(), "--rules");
      assertEquals(0, result.exitCode(), result.err());
      BackendRules rules = backend.rules(Options.none().resolve(backend.name(), backend.options()));
      assertEquals(RuleTree.toTree(rules), RuleTree.toTree(RuleTree.fromTree(result.json())));
      Result json = octet.run("backends", backend.name(), "--rules", "--json");
      assertEquals(result.out(), json.out());
    }
  }

  @Test
  void printsTheRulesForGivenOptions() {
    String perTensor = "per-channel=false";
    Result result = octet.run("backends", "xnnpack", "--rules", "--option", perTensor);
    assertFalse(result.out().contains("output-channel"), result.out());
    assertTrue(octet.run("backends", "xnnpack", "--rules").out().contains("output-channel"));
    Result unknown = octet.run("backends", "xnnpack", "--rules", "--option", "no=1", "--json");
    assertEquals("OCT-OPT-001", unknown.errorId());
  }

  @Test
  void refusesTheRulesOfABackendThatIsNoTableOfRules() throws Exception {
    Path acme = CommandFixture.vendorWithoutKey("acme", "").build(folder, "acme.jar");
    Result result =
        octet.run("backends", "acme", "--rules", "--json", "--class-path", acme.toString());
    assertEquals(2, result.exitCode());
    assertEquals("OCT-CLI-016", result.errorId());
    assertTrue(result.err().contains("backend 'acme' is not described by rules"), result.err());
  }

  @Test
  void asksForTheBackendWhoseRulesToPrint() {
    Result result = octet.run("backends", "--rules", "--json");
    assertEquals(2, result.exitCode());
    assertEquals("OCT-CLI-001", result.errorId());
    assertTrue(result.err().contains("--rules needs a NAME"), result.err());
  }

  @Test
  void takesOptionsForTheRulesAlone() {
    Result result = octet.run("backends", "cpu", "--option", "observer=entropy", "--json");
    assertEquals("OCT-CLI-001", result.errorId());
    assertTrue(result.err().contains("--rules"), result.err());
  }

  @Test
  void namesABackendThatThereIsNot() {
    Result result = octet.run("backends", "none", "--json");
    assertEquals(2, result.exitCode());
    List<Tree> candidates = result.json().get("error").asMapping().get("candidates").asItems();
    assertEquals(BACKENDS, candidates.stream().map(Tree::asText).toList());
  }

  @Test
  void namesAJarThatThereIsNot() {
    Result result = octet.run("backends", "--json", "--class-path", folder + "/none.jar");
    assertEquals(2, result.exitCode());
    assertEquals("OCT-CLI-006", result.errorId());
  }

  @Test
  void namesAFileThatIsNoJar() throws IOException {
    octet.write("torn.jar", "PK");
    Result result = octet.run("backends", "--json", "--class-path", octet.path("@torn.jar"));
    assertEquals(2, result.exitCode());
    assertEquals("OCT-CLI-017", result.errorId());
    assertTrue(result.err().contains("torn.jar"), result.err());
  }

  private static String[] with(String[] words, String... more) {
    return Stream.concat(Stream.of(words), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void capabilitiesSayWhatBecomesOfInputsAndOutputsOfTheModel() {
    List<Tree> capabilities =
        octet.run("backends", "arm", "--json").json().get("capabilities").asItems();
    Tree.Mapping input = capabilities.get(capabilities.size() - 2).asMapping();
    assertEquals("input", input.get("boundary").asText());
    assertEquals("int8", input.get("activation").asText());
    assertEquals("static", input.get("mode").asText());
    assertEquals(List.of(), input.get("pattern").asItems());
  }
}
