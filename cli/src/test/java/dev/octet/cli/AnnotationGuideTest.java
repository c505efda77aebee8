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
import dev.octet.cli.GuidePage.Section;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.text.JsonText;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  private static final int MOST_LINES = 39;
  private static final int MOST_LINES_OF_AN_ACCELERATOR = 69;

  private GuidePage page;
  private CommandFixture octet;
  private URLClassLoader acme;
  private Path lumen;
  private Path nova;

  @BeforeAll
  void compileThePage(@TempDir Path folder) throws Exception {
    octet = new CommandFixture(folder);
    new OnnxFormat().write(model(), octet.file("m.onnx"));
    page = GuidePage.read("annotation.md");
    Map<String, Path> jars =
        page.build(folder, page.section("A backend with one rule").code().get(1));
    acme = loader(jars.get("acme"));
    lumen = jars.get("lumen");
    nova = jars.get("nova");
  }

  private static URLClassLoader loader(Path jar) throws IOException {
    return new URLClassLoader(
        new URL[] {jar.toUri().toURL()}, AnnotationGuideTest.class.getClassLoader());
  }

  @AfterAll
  void close() throws IOException {
    acme.close();
  }

  private BackendRules table(Section section) throws ReflectiveOperationException {
    Class<?> table = acme.loadClass("acme." + page.tableClass(section));
    return (BackendRules) table.getMethod("rules").invoke(null);
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
    for (Section section : page.sections()) {
      if (section.hasTable()) {
        tests.add(
            DynamicTest.dynamicTest(
                section.title(), () -> section.assertShown(plan(table(section).quantizer()))));
      }
    }
    assertEquals(16, tests.size());
    return tests.stream();
  }

  @Test
  void theFirstBackendIsFoundByItsName() throws Exception {
    page.section("A backend with one rule")
        .assertShown(Quantization.plan(QuantizationRequest.of(model(), provider("Provider"))));
    Result page = octet.run("backends", "acme", "--class-path", octet.path("@acme.jar"));
    assertEquals(0, page.exitCode(), page.err());
    assertTrue(page.out().contains("convolution: Conv"), page.out());
  }

  @Test
  void theTableAsJsonIsTheTableInJava() throws Exception {
    String json =
        page.section("Tables as JSON").outcome().stream().collect(Collectors.joining("\n"));
    BackendRules rules = table(page.section("Parameters known beforehand"));
    assertEquals(rules, RuleTree.fromTree(JsonText.parse(json, "acme.json")));
    assertEquals(json.strip(), JsonText.write(RuleTree.toTree(rules)).strip());
  }

  @Test
  void thePolicyOfTheUserDecides() throws Exception {
    Options options = Options.of("configure", "node:conv1 per-channel=false", "exclude", "conv2");
    page.section("Policies")
        .assertShown(
            Quantization.plan(
                QuantizationRequest.of(model(), provider("Tunable")).options(options)));
  }

  @Test
  void theQuantizerByHandDoesWhatThePageShows() throws Exception {
    Plan plan = plan(quantizer("ByHand"));
    page.section("By hand").assertShown(plan);
    assertTrue(plan.findings().stream().noneMatch(f -> f.id().equals("ACME-001")));
  }

  @Test
  void theBodyOfALoopIsReachedByHand() throws Exception {
    QuantizerProvider acme = QuantizerProvider.of("acme", quantizer("Bodies"));
    page.section("Subgraphs by hand")
        .assertShown(Quantization.plan(QuantizationRequest.of(loop(), acme)));
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
    page.section("Several quantizers").assertShown(plan((Quantizer) both));
  }

  private static void assertAtMost(int most, Section whole) {
    long lines = whole.code().get(0).lines().count();
    assertTrue(lines <= most, lines + " lines");
  }

  @Test
  void aWholeBackendIsShortAndPlansAModelFromItsJar() {
    Section whole = page.section("A whole backend");
    assertAtMost(MOST_LINES, whole);
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
      page.section("A whole backend")
          .assertShown(Quantization.plan(QuantizationRequest.of(model(), backend)));
    }
  }

  @Test
  void anAcceleratorWithScalesThatArePowersOfTwoIsShort() throws Exception {
    Section whole = page.section("A whole backend with scales that are powers of two");
    assertAtMost(MOST_LINES_OF_AN_ACCELERATOR, whole);
    try (URLClassLoader loader = loader(nova)) {
      RuleBackend backend =
          (RuleBackend) loader.loadClass("nova.Provider").getConstructor().newInstance();
      Plan plan = Quantization.plan(QuantizationRequest.of(model(), backend));
      whole.assertShown(plan);
      assertEveryScaleIsAPowerOfTwo(plan);
    }
  }

  private static void assertEveryScaleIsAPowerOfTwo(Plan plan) {
    DataSource data =
        DataSource.of(
            plan.prepared().model().graph(),
            Map.of("x", ramp(2, 1, 8, 8, 8), "k", ramp(2, 8, 16, 1, 1)));
    Graph quantized =
        Quantization.convert(plan, Quantization.calibrate(plan, data, Execution.threads(1)))
            .model()
            .graph();
    int seen = 0;
    for (Map.Entry<String, Tensor> constant : quantized.initializers().entrySet()) {
      if (constant.getKey().endsWith("_scale")) {
        for (float scale : constant.getValue().floats()) {
          assertEquals(Math.scalb(1f, Math.getExponent(scale)), scale, constant.getKey());
          seen++;
        }
      }
    }
    assertTrue(seen > 10, seen + " scales");
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

  static Tensor ramp(long... sizes) {
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
