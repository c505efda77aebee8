package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.rules.BackendRules;
import dev.octet.annotation.rules.RuleBackend;
import dev.octet.annotation.rules.RuleTree;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.tree.Tree;
import dev.octet.cli.CommandFixture.Result;
import dev.octet.fixtures.jdk.VendorJar;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.text.JsonText;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/annotation.md compiles, and what the page shows under it is what comes out. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnnotationGuideTest {

  private static final Path PAGE = Path.of("..", "docs", "annotation.md");
  private static final Pattern BLOCK =
      Pattern.compile("##+ ([^\n]+)|```(java|text|json)\n(.*?)```", Pattern.DOTALL);
  private static final Pattern CLASS = Pattern.compile("public final class (\\w+)");
  private static final int MOST_LINES = 39;

  /** A section of the page: its code and what comes out; empty where it shows nothing. */
  private record Section(String title, List<String> code, List<String> outcome) {}

  private final List<Section> sections = new ArrayList<>();
  private CommandFixture octet;
  private URLClassLoader acme;
  private Path lumen;

  @BeforeAll
  void compileThePage(@TempDir Path folder) throws Exception {
    octet = new CommandFixture(folder);
    new OnnxFormat().write(model(), octet.file("m.onnx"));
    readSections();
    String imports = section("A backend with one rule").code().get(1);
    Map<String, String> sources = new LinkedHashMap<>();
    Map<String, String> lumenSources = new LinkedHashMap<>();
    for (int i = 0; i < sections.size(); i++) {
      for (String code : sections.get(i).code()) {
        if (code.startsWith("package")) {
          Matcher name = CLASS.matcher(code);
          assertTrue(name.find(), code);
          (code.startsWith("package lumen;") ? lumenSources : sources).put(name.group(1), code);
        } else if (code.startsWith("BackendRules")) {
          sources.put("Table" + i, table(imports, i, code));
        }
      }
    }
    Path jar = build(folder, "acme", sources);
    acme =
        new URLClassLoader(
            new URL[] {jar.toUri().toURL()}, AnnotationGuideTest.class.getClassLoader());
    lumen = build(folder, "lumen", lumenSources);
  }

  private static Path build(Path folder, String name, Map<String, String> sources)
      throws IOException {
    VendorJar jar = new VendorJar(QuantizerProvider.class).knowing(BackendRules.class);
    sources.forEach((className, source) -> jar.source(name + "." + className, source));
    return jar.listed(name + ".Provider").build(folder, name + ".jar");
  }

  @AfterAll
  void close() throws IOException {
    acme.close();
  }

  private static String table(String imports, int number, String code) {
    return "package acme;\n%spublic final class Table%d { public static BackendRules rules() { return\n%s; } }"
        .formatted(imports, number, code);
  }

  private void readSections() throws IOException {
    Matcher blocks = BLOCK.matcher(Files.readString(PAGE));
    while (blocks.find()) {
      if (blocks.group(1) != null) {
        sections.add(new Section(blocks.group(1), new ArrayList<>(), new ArrayList<>()));
        continue;
      }
      Section section = sections.get(sections.size() - 1);
      if (blocks.group(2).equals("java")) {
        section.code().add(blocks.group(3));
      } else {
        blocks.group(3).lines().forEach(section.outcome()::add);
      }
    }
  }

  private Section section(String title) {
    return sections.stream().filter(s -> s.title().equals(title)).findFirst().orElseThrow();
  }

  private static void assertShown(Section section, Plan plan) {
    List<String> lines = PlanWords.of(plan);
    List<String> wrong = section.outcome().stream().filter(l -> !lines.contains(l)).toList();
    assertTrue(!section.outcome().isEmpty(), "the section shows nothing");
    assertEquals(List.of(), wrong, () -> "what comes out is\n" + String.join("\n", lines) + "\n");
  }

  private static Plan plan(Quantizer quantizer) {
    return Quantization.plan(
        QuantizationRequest.of(model(), QuantizerProvider.of("acme", quantizer)));
  }

  private Quantizer quantizer(String name) throws ReflectiveOperationException {
    return (Quantizer) acme.loadClass("acme." + name).getConstructor().newInstance();
  }

  private QuantizerProvider provider(String name) throws ReflectiveOperationException {
    return (QuantizerProvider) acme.loadClass("acme." + name).getConstructor().newInstance();
  }

  @TestFactory
  Stream<DynamicTest> everyTableDoesWhatThePageShows() {
    List<DynamicTest> tests = new ArrayList<>();
    for (int i = 0; i < sections.size(); i++) {
      Section section = sections.get(i);
      String type = "acme.Table" + i;
      if (section.code().stream().anyMatch(code -> code.startsWith("BackendRules"))) {
        tests.add(
            DynamicTest.dynamicTest(
                section.title(),
                () -> {
                  Object rules = acme.loadClass(type).getMethod("rules").invoke(null);
                  assertShown(section, plan(((BackendRules) rules).quantizer()));
                }));
      }
    }
    assertEquals(14, tests.size());
    return tests.stream();
  }

  @Test
  void theFirstBackendIsFoundByItsName() throws Exception {
    assertShown(
        section("A backend with one rule"),
        Quantization.plan(QuantizationRequest.of(model(), provider("Provider"))));
    Result page = octet.run("backends", "acme", "--class-path", octet.path("@acme.jar"));
    assertEquals(0, page.exitCode(), page.err());
    assertTrue(page.out().contains("convolution: Conv"), page.out());
  }

  @Test
  void theTableAsJsonIsTheTableInJava() throws Exception {
    String json = section("Tables as JSON").outcome().stream().collect(Collectors.joining("\n"));
    int number = sections.indexOf(section("Parameters known beforehand"));
    Object rules = acme.loadClass("acme.Table" + number).getMethod("rules").invoke(null);
    assertEquals(rules, RuleTree.fromTree(JsonText.parse(json, "acme.json")));
    assertEquals(json.strip(), JsonText.write(RuleTree.toTree((BackendRules) rules)).strip());
  }

  @Test
  void thePolicyOfTheUserDecides() throws Exception {
    Options options = Options.of("configure", "node:conv1 per-channel=false", "exclude", "conv2");
    assertShown(
        section("Policies"),
        Quantization.plan(QuantizationRequest.of(model(), provider("Tunable")).options(options)));
  }

  @Test
  void theQuantizerByHandDoesWhatThePageShows() throws Exception {
    Plan plan = plan(quantizer("ByHand"));
    assertShown(section("By hand"), plan);
    assertTrue(plan.findings().stream().noneMatch(f -> f.id().equals("ACME-001")));
  }

  @Test
  void theBodyOfALoopIsReachedByHand() throws Exception {
    QuantizerProvider acme = QuantizerProvider.of("acme", quantizer("Bodies"));
    assertShown(
        section("Subgraphs by hand"), Quantization.plan(QuantizationRequest.of(loop(), acme)));
  }

  /** The model of the section on subgraphs. */
  private static Model loop() {
    List<ValueInfo> carried =
        List.of(
            CommandFixture.value("i", DataType.INT64),
            CommandFixture.value("go", DataType.BOOL),
            CommandFixture.value("state", DataType.FLOAT, 4, 4));
    Graph body =
        new Graph(
            "body",
            carried,
            List.of(carried.get(1), CommandFixture.value("gate", DataType.FLOAT, 4, 4)),
            Map.of(),
            List.of(
                node("inner", "MatMul", List.of("state", "w")),
                node("gate", "Relu", List.of("inner"))),
            Map.of(),
            Optional.empty());
    Attribute held = new Attribute("body", new Attribute.GraphValue(body), Optional.empty());
    Graph graph =
        new Graph(
            "g",
            List.of(CommandFixture.value("x", DataType.FLOAT, 4, 4)),
            List.of(CommandFixture.value("steps", DataType.FLOAT, 4, 4)),
            Map.of("w", ramp(4, 4), "m", Tensor.of(new long[] {3})),
            List.of(node("steps", "Loop", List.of("m", "", "x"), held)),
            Map.of(),
            Optional.empty());
    return Model.of(graph, 13);
  }

  @Test
  void bothQuantizersWorkOnOneGraph() throws Exception {
    Object both = acme.loadClass("acme.Both").getMethod("quantizer").invoke(null);
    assertShown(section("Several quantizers"), plan((Quantizer) both));
  }

  @Test
  void aWholeBackendIsShortAndPlansAModelFromItsJar() {
    Section whole = section("A whole backend");
    long lines = whole.code().get(0).lines().count();
    assertTrue(lines <= MOST_LINES, lines + " lines");
    Result planned =
        octet.run(
            "plan",
            "@m.onnx",
            "--backend",
            "lumen",
            "--class-path",
            lumen.toString(),
            "--json",
            "-o",
            "@p.json");
    assertEquals(0, planned.exitCode(), planned.err());
    assertEquals(Tree.of(6L), planned.json().get("quantizedNodes"));
  }

  @Test
  void aWholeBackendDecidesWhatThePageShows() throws Exception {
    URL[] jar = {lumen.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(jar, getClass().getClassLoader())) {
      RuleBackend backend =
          (RuleBackend) loader.loadClass("lumen.Provider").getConstructor().newInstance();
      assertShown(
          section("A whole backend"), Quantization.plan(QuantizationRequest.of(model(), backend)));
    }
  }

  /** The model of the page's table. */
  private static Model model() {
    Map<String, Tensor> constants = new LinkedHashMap<>();
    constants.put("w1", ramp(8, 8, 3, 3));
    constants.put("b1", ramp(8));
    constants.put("w2", ramp(8, 8, 1, 1));
    constants.put("s", ramp(1));
    constants.put("w3", ramp(128, 4));
    constants.put("b3", ramp(4));
    List<Node> nodes =
        List.of(
            node(
                "conv1",
                "Conv",
                List.of("x", "w1", "b1"),
                Attribute.of("pads", List.of(1L, 1L, 1L, 1L))),
            node("relu1", "Relu", List.of("conv1")),
            node(
                "pool1",
                "MaxPool",
                List.of("relu1"),
                Attribute.of("kernel_shape", List.of(2L, 2L)),
                Attribute.of("strides", List.of(2L, 2L))),
            node("conv2", "Conv", List.of("pool1", "w2")),
            node("add1", "Add", List.of("conv2", "pool1")),
            node("scale1", "Mul", List.of("add1", "s")),
            node("cat1", "Concat", List.of("scale1", "pool1"), Attribute.of("axis", 1L)),
            node("conv3", "Conv", List.of("cat1", "k")),
            node("erf1", "Erf", List.of("conv3")),
            node("flat1", "Flatten", List.of("erf1")),
            node("fc", "Gemm", List.of("flat1", "w3", "b3")),
            node("prob", "Softmax", List.of("fc")));
    Graph graph =
        new Graph(
            "g",
            List.of(
                CommandFixture.value("x", DataType.FLOAT, 1, 8, 8, 8),
                CommandFixture.value("k", DataType.FLOAT, 8, 16, 1, 1)),
            List.of(CommandFixture.value("prob", DataType.FLOAT, 1, 4)),
            constants,
            nodes,
            Map.of(),
            Optional.empty());
    return Model.of(graph, 13);
  }

  private static Node node(String name, String op, List<String> operands, Attribute... attributes) {
    return Node.of(name, OpType.onnx(op), operands, List.of(name), attributes);
  }

  private static Tensor ramp(long... sizes) {
    long count = 1;
    for (long size : sizes) {
      count *= size;
    }
    float[] values = new float[Math.toIntExact(count)];
    for (int i = 0; i < count; i++) {
      values[i] = (i % 7) / 4f - 0.5f;
    }
    return Tensor.of(values, sizes);
  }
}
