package dev.octet.cli;

import static dev.octet.annotation.rules.NodePattern.op;
import static dev.octet.annotation.rules.Specs.derivedFromInputAndWeight;
import static dev.octet.annotation.rules.Specs.int8;
import static dev.octet.annotation.rules.Specs.outputChannel;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.rules.BackendRules;
import dev.octet.annotation.rules.RuleBackend;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.option.Options;
import dev.octet.api.provider.ApiVersion;
import dev.octet.api.provider.BuiltFor;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.Parallelism;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.tree.Tree;
import dev.octet.cli.CommandFixture.Result;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.kernels.quantize.QuantizeLinear;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.boundary.IntegerBoundary;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.inspect.Inspection;
import dev.octet.workflow.plan.Plan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that take and give integers, from the decision to the numbers. */
class IntegerBoundaryTest {

  @TempDir private Path folder = Path.of("");
  private CommandFixture octet = new CommandFixture(folder);

  @BeforeEach
  void writeFiles() throws IOException {
    octet = new CommandFixture(folder);
    octet.writeClassifier(13);
  }

  /** A backend for hardware that has no floats at all. */
  @BuiltFor(ApiVersion.CURRENT)
  private static final class Acme extends RuleBackend {

    private Acme() {
      super("acme", "Integers from end to end.");
    }

    @Override
    public BackendRules rules(Options options) {
      return BackendRules.named(name())
          .modelInputs(int8())
          .modelOutputs(int8())
          .rule("dense", op("Gemm").constantOperand(1).constantIfPresent(2).optionally("Relu"))
          .activation(int8())
          .weight(int8().range(-127, 127).symmetric().perChannel(outputChannel()))
          .bias(derivedFromInputAndWeight())
          .output(int8())
          .build();
    }
  }

  private static Tensor samples() {
    float[] samples = new float[16];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (i * 7 % 11 - 4) / 3f;
    }
    return Tensor.of(samples, 4, 4);
  }

  private static Map<String, Tensor> run(String runtime, Model model, Tensor in) {
    try (ExecutableModel loaded =
        QuantizerCatalog.discover(IntegerBoundaryTest.class.getClassLoader())
            .runtime(runtime)
            .load(LoadRequest.of(model, Parallelism.threads(1)))) {
      return loaded.run(Map.of("in", in));
    }
  }

  private static DataType type(List<ValueInfo> values) {
    return values.get(0).tensorType().orElseThrow().dataType();
  }

  @Test
  void aBackendOfIntegersGivesAFileOfIntegers() {
    Model floats = CommandFixture.classifier(13);
    Plan plan = Quantization.plan(QuantizationRequest.of(floats, new Acme()));
    assertEquals(plan.group(Point.operand("hidden", 0)), plan.group(Point.input("in")));
    assertEquals(plan.group(Point.result("head", 0)), plan.group(Point.output("scores")));
    DataSource data = DataSource.of(floats.graph(), Map.of("in", samples()));
    OnnxFormat onnx = new OnnxFormat();
    Model written =
        Quantization.convert(plan, Quantization.calibrate(plan, data, Execution.threads(1)))
            .model();
    Model read = onnx.read(onnx.toBytes(written), "acme.onnx");
    Graph graph = read.graph();
    assertEquals(DataType.INT8, type(graph.inputs()));
    assertEquals(DataType.INT8, type(graph.outputs()));
    List<Point> readers = graph.uses("in");
    assertEquals(1, readers.size());
    assertEquals("DequantizeLinear", node(graph, readers.get(0).node()).op().name());
    assertEquals("QuantizeLinear", graph.producer("scores").orElseThrow().op().name());
    assertEquals(1, graph.nodes().stream().filter(n -> n.op().is("QuantizeLinear")).count() - 1);

    IntegerBoundary boundary = IntegerBoundary.of(read);
    Map<String, Tensor> integers = boundary.quantized(Map.of("in", samples()));
    Tensor in = integers.get("in");
    QuantizationSpec.Fixed meaning = boundary.meaning(Point.input("in")).orElseThrow();
    for (int i = 0; i < 16; i++) {
      long q =
          QuantizeLinear.quantize(
              samples().floats()[i],
              meaning.parameters().scale(0),
              meaning.parameters().zeroPoint(0),
              meaning.type(),
              meaning.profile());
      assertEquals(q, in.integers()[i]);
    }
    Tensor onCpu = run("cpu", read, in).get("scores");
    assertEquals(onCpu, run("onnxruntime", read, in).get("scores"));
    float[] exact = run("cpu", floats, samples()).get("scores").floats();
    float[] back = boundary.dequantized(Map.of("scores", onCpu)).get("scores").floats();
    float step = boundary.meaning(Point.output("scores")).orElseThrow().parameters().scale(0);
    for (int i = 0; i < exact.length; i++) {
      assertEquals(exact[i], back[i], 3 * step);
    }
  }

  private static Node node(Graph graph, String name) {
    return graph.node(name).orElseThrow();
  }

  @Test
  void aCallerKeepsFloatsWhereTheBackendHasIntegers() {
    Model floats = CommandFixture.classifier(13);
    Options options = Options.of("exclude", "input:in");
    Plan plan = Quantization.plan(QuantizationRequest.of(floats, new Acme()).options(options));
    assertEquals(Optional.empty(), plan.group(Point.input("in")));
    assertEquals("input 'in' (option exclude)", plan.boundary().get(0).decidedBy());
    assertEquals(
        Optional.of("excluded by input 'in' (option exclude)"),
        plan.boundary().get(0).spec().floatReason());
    assertTrue(
        Inspection.of(plan)
            .text()
            .contains("input 'in'       no        input 'in' (option exclude)"),
        Inspection.of(plan).text());
  }

  private Result quantize(String... options) {
    String[] words = {
      "quantize", "@m.onnx", "--backend", "cpu", "--data", "@d.yaml", "-o", "@q.onnx", "--json"
    };
    return octet.run(
        java.util.stream.Stream.concat(List.of(words).stream(), List.of(options).stream())
            .toArray(String[]::new));
  }

  @Test
  void aUserAsksForIntegersAndIsToldWhatTheyMean() {
    Result quantized = quantize("--option", "integers=*");
    assertEquals(0, quantized.exitCode(), quantized.out());
    Tree.Mapping inputs = quantized.json().get("integerInputs").asMapping();
    Tree.Mapping in = inputs.get("in").asMapping();
    assertEquals("int8", in.get("type").asText());
    Model model = new OnnxFormat().read(octet.file("q.onnx"));
    assertEquals(DataType.INT8, type(model.graph().inputs()));
    assertEquals(DataType.INT8, type(model.graph().outputs()));
    Result inspected = octet.run("inspect", "@q.onnx", "--json");
    assertEquals(inputs, inspected.json().get("integerInputs").asMapping());
    assertEquals(
        quantized.json().get("integerOutputs").asMapping(),
        inspected.json().get("integerOutputs").asMapping());
    String text = octet.run("inspect", "@q.onnx").out();
    assertTrue(text.contains("  input 'in'       int8  (q "), text);
    assertTrue(text.contains("head    result 0   scores "), text);
  }

  @Test
  void theSameDataEvaluatesBothModelsOnEveryRuntime() {
    quantize("--option", "integers=*");
    for (String runtime : List.of("cpu", "onnxruntime")) {
      Result result =
          octet.run(
              "evaluate",
              "@q.onnx",
              "--reference",
              "@m.onnx",
              "--data",
              "@d.yaml",
              "--runtime",
              runtime,
              "--json");
      assertEquals(0, result.exitCode(), result.out());
      assertEquals(1, result.json().get("top1").asNumber().doubleValue());
      assertEquals(1, result.json().get("top1Agreement").asNumber().doubleValue());
      assertTrue(result.json().get("sqnrDb").asNumber().doubleValue() > 30, result.out());
    }
  }

  @Test
  void aRunTakesFloatsOrIntegersAndGivesWhatTheModelGives() throws IOException {
    quantize("--option", "integers=*");
    assertEquals(0, octet.run("run", "@q.onnx", "--data", "@d.yaml", "-o", "@f").exitCode());
    Model model = new OnnxFormat().read(octet.file("q.onnx"));
    DataSource floats = DataSource.open(octet.file("d.yaml"), model);
    Tensor in =
        IntegerBoundary.of(model).quantized(floats.batch(0, CommandFixture.SAMPLES)).get("in");
    octet.npy("q.npy", in);
    octet.write("q.yaml", "inputs:\n  in:\n    file: q.npy\n    steps: [{cast: int8}]\n");
    assertEquals(0, octet.run("run", "@q.onnx", "--data", "@q.yaml", "-o", "@i").exitCode());
    byte[] ofFloats = java.nio.file.Files.readAllBytes(octet.file("f/scores.npy"));
    assertArrayEquals(ofFloats, java.nio.file.Files.readAllBytes(octet.file("i/scores.npy")));
    assertTrue(
        new String(ofFloats, java.nio.charset.StandardCharsets.ISO_8859_1).contains("'|i1'"));
  }

  /** Writes a folder of test data with one tensor. */
  private void testData(String name, int type, byte[] data, int... sizes) throws IOException {
    java.io.ByteArrayOutputStream proto = new java.io.ByteArrayOutputStream();
    for (int size : sizes) {
      proto.write(new byte[] {0x08, (byte) size});
    }
    proto.write(new byte[] {0x10, (byte) type, 0x4a, (byte) data.length});
    proto.write(data);
    Path set = java.nio.file.Files.createDirectories(octet.file(name).resolve("test_data_set_0"));
    java.nio.file.Files.write(set.resolve("input_0.pb"), proto.toByteArray());
  }

  @Test
  void testDataGivesFloatsOrIntegers() throws IOException {
    quantize("--option", "integers=*");
    Model model = new OnnxFormat().read(octet.file("q.onnx"));
    Tensor floats = samples();
    java.nio.ByteBuffer bytes =
        java.nio.ByteBuffer.allocate(64).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    for (float value : floats.floats()) {
      bytes.putFloat(value);
    }
    testData("floats", 1, bytes.array(), 4, 4);
    Tensor in = IntegerBoundary.of(model).quantized(Map.of("in", floats)).get("in");
    testData("integers", 3, in.bytes(), 4, 4);
    testData("halves", 10, new byte[32], 4, 4);
    assertEquals(0, octet.run("run", "@q.onnx", "--data", "@floats", "-o", "@f").exitCode());
    assertEquals(0, octet.run("run", "@q.onnx", "--data", "@integers", "-o", "@i").exitCode());
    assertArrayEquals(
        java.nio.file.Files.readAllBytes(octet.file("f/scores.npy")),
        java.nio.file.Files.readAllBytes(octet.file("i/scores.npy")));
    Result compared =
        octet.run("evaluate", "@q.onnx", "--reference", "@m.onnx", "--data", "@floats");
    assertEquals(0, compared.exitCode(), compared.err());
    Result halves = octet.run("run", "@q.onnx", "--data", "@halves", "-o", "@h");
    assertTrue(
        halves.err().contains("input 'in' takes INT8[N, 4], not FLOAT16[4, 4]")
            && halves.err().contains("halves). Give INT8: convert the elements"),
        halves.err());
    Result wrong = octet.run("run", "@m.onnx", "--data", "@integers", "-o", "@h");
    assertTrue(
        wrong.err().contains("input 'in' takes FLOAT[N, 4], not INT8[4, 4]")
            && wrong.err().contains("integers). Give FLOAT: convert the elements"),
        wrong.err());
  }

  @Test
  void aRecipeDecidesOnInputsAndOutputs() throws IOException {
    octet.write(
        "r.yaml",
        "recipe: 1\nrules:\n  - input: i*\n    integers: true\n  - output: scores\n    exclude: true\n");
    Result quantized = quantize("--recipe", "@r.yaml");
    assertEquals(0, quantized.exitCode(), quantized.out());
    Model model = new OnnxFormat().read(octet.file("q.onnx"));
    assertEquals(DataType.INT8, type(model.graph().inputs()));
    assertEquals(DataType.FLOAT, type(model.graph().outputs()));
    Result plan =
        octet.run(
            "plan",
            "@m.onnx",
            "--backend",
            "cpu",
            "--recipe",
            "@r.yaml",
            "-o",
            "@p.json",
            "--json");
    List<Tree> boundary = plan.json().get("boundary").asItems();
    assertEquals(
        "input 'i*' (r.yaml, line 3)", boundary.get(0).asMapping().get("decidedBy").asText());
    assertEquals(false, boundary.get(1).asMapping().get("integers").asBoolean());
    String shown = octet.run("inspect", "@p.json").out();
    assertTrue(
        shown.contains("output 'scores'  no        output 'scores' (r.yaml, line 5)"), shown);
  }

  @Test
  void mistakesAreNamed() throws IOException {
    Result unknown = quantize("--option", "integers=input:img");
    assertEquals("OCT-POL-001", unknown.errorId());
    assertTrue(unknown.out().contains("no input's name matches 'img'"), unknown.out());
    Result options = quantize("--option", "configure=input:in observer=entropy");
    assertEquals("OCT-POL-011", options.errorId());
    Result nothing = quantize("--option", "integers=input:in", "--option", "exclude=hidden");
    assertEquals("OCT-ANN-009", nothing.errorId());
    assertTrue(
        nothing.out().contains("input 'in' is to become integers, but no quantized point reads it"),
        nothing.out());
    octet.write("r.yaml", "recipe: 1\nrules:\n  - operator: Gemm\n    integers: true\n");
    assertEquals("OCT-POL-011", quantize("--recipe", "@r.yaml").errorId());
    octet.write("r.yaml", "recipe: 1\nrules:\n  - input: in\n    options: {observer: entropy}\n");
    assertEquals("OCT-POL-011", quantize("--recipe", "@r.yaml").errorId());
    octet.write("r.yaml", "recipe: 1\nrules:\n  - input: in\n");
    assertEquals("OCT-POL-007", quantize("--recipe", "@r.yaml").errorId());
  }
}
