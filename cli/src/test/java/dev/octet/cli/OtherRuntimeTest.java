package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.tree.Tree;
import dev.octet.cli.CommandFixture.Result;
import dev.octet.format.onnx.OnnxFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models with an operator that Octet has no kernel for, on a runtime that has one. */
class OtherRuntimeTest {

  private static final int SAMPLES = 10;
  private static final String[] ON = {"--runtime", "onnxruntime"};

  @TempDir Path folder;
  private CommandFixture octet;

  /** x [1, 3, 8, 8] -> Conv -> com.microsoft.CropAndResize -> Conv -> y [1, 5, 6, 6]. */
  @BeforeEach
  void writeFiles() throws IOException {
    octet = new CommandFixture(folder);
    new OnnxFormat().write(model(Optional.of(CommandFixture.value("b", 1, 4, 6, 6))), at("m"));
    octet.npy("x.npy", random(8, SAMPLES, 3, 8, 8));
    octet.write("d.yaml", "inputs: {x: {file: x.npy}}\n");
    octet.write("first.yaml", "inputs: {x: {file: x.npy}}\ntake: 4\n");
    octet.write("rest.yaml", "inputs: {x: {file: x.npy}}\nskip: 4\n");
  }

  private Path at(String name) {
    return octet.file(name + ".onnx");
  }

  private static Tensor random(long seed, int... sizes) {
    long[] wide = new long[sizes.length];
    int count = 1;
    for (int i = 0; i < sizes.length; i++) {
      wide[i] = sizes[i];
      count *= sizes[i];
    }
    float[] elements = new float[count];
    Random random = new Random(seed);
    for (int i = 0; i < count; i++) {
      elements[i] = (float) random.nextGaussian() / 2;
    }
    return Tensor.of(elements, wide);
  }

  /**
   * Returns the model.
   *
   * @param stated what the file says of the type of what lies between crop and the second Conv
   */
  private static Model model(Optional<ValueInfo> stated) {
    OpType crop = new OpType("com.microsoft", "CropAndResize");
    Attribute pads = Attribute.of("pads", List.of(1L, 1L, 1L, 1L));
    List<Node> nodes =
        List.of(
            Node.of("first", OpType.onnx("Conv"), List.of("x", "w1"), List.of("a"), pads),
            Node.of("crop", crop, List.of("a", "rois", "which", "size"), List.of("b")),
            Node.of("second", OpType.onnx("Conv"), List.of("b", "w2"), List.of("y"), pads));
    Map<String, Tensor> constants =
        Map.of(
            "w1", random(1, 4, 3, 3, 3),
            "w2", random(2, 5, 4, 3, 3),
            "rois", Tensor.of(new float[] {0.1f, 0.1f, 0.9f, 0.9f}, 1, 4),
            "which", Tensor.of(new int[] {0}, 1),
            "size", Tensor.of(new int[] {6, 6}, 2));
    Map<String, ValueInfo> types = new TreeMap<>();
    stated.ifPresent(info -> types.put(info.name(), info));
    Graph graph =
        new Graph(
            "g",
            List.of(CommandFixture.value("x", DataType.FLOAT, 1, 3, 8, 8)),
            List.of(CommandFixture.value("y", 1, 5, 6, 6)),
            constants,
            nodes,
            types,
            Optional.empty());
    return new Model(
        graph, new TreeMap<>(Map.of("", 17L, "com.microsoft", 1L)), Map.of(), Optional.empty());
  }

  private Result run(String[] words, String... more) {
    return octet.run(Stream.concat(Stream.of(words), Stream.of(more)).toArray(String[]::new));
  }

  private Result done(String[] words, String... more) {
    Result result = run(words, more);
    assertEquals(0, result.exitCode(), result.err());
    return result;
  }

  private static String[] quantize(String model, String backend) {
    return new String[] {"quantize", model, "--backend", backend, "-o", "@q.onnx", "--json"};
  }

  private static List<String> findings(Result result) {
    return result.json().get("findings").asItems().stream()
        .map(finding -> finding.asMapping().get("id").asText())
        .toList();
  }

  private static List<String> floatNodes(Result result) {
    return result.json().get("floatNodes").asItems().stream()
        .map(node -> node.asMapping().get("name").asText())
        .toList();
  }

  @Test
  void withoutItTheModelIsRefusedAndTheAdviceCanBeFollowed() {
    Result refused = run(quantize("@m.onnx", "onnxruntime"), "--data", "@d.yaml");
    assertEquals(5, refused.exitCode());
    assertEquals("OCT-GRAPH-001", refused.errorId());
    assertTrue(refused.out().contains("--runtime NAME"), refused.out());
    done(quantize("@m.onnx", "onnxruntime"), "--data", "@d.yaml", ON[0], ON[1]);
  }

  @Test
  void aModelIsQuantizedCheckedAndEvaluatedOnIt() {
    Result quantized = done(quantize("@m.onnx", "onnxruntime"), "--data", "@d.yaml", ON[0], ON[1]);
    assertEquals(List.of("crop"), floatNodes(quantized));
    Tree.Mapping check = quantized.json().get("check").asMapping();
    assertEquals("onnxruntime", check.get("runtime").asText());
    assertEquals(4, check.get("samples").asInt());
    assertTrue(findings(quantized).contains("OCT-CHK-104"), quantized.out());
    Result evaluated =
        done(
            new String[] {"evaluate", "@q.onnx", "--reference", "@m.onnx", "--data", "@d.yaml"},
            "--json",
            "--require",
            "sqnr>=28",
            ON[0],
            ON[1]);
    assertTrue(evaluated.json().get("passed").asBoolean(), evaluated.out());
    done(new String[] {"run", "@q.onnx", "--data", "@d.yaml", "-o", "@r"}, ON);
  }

  @Test
  void theFileSaysWhatRanAndIsVerifiedOnIt() {
    done(
        quantize("@m.onnx", "onnxruntime"),
        "--data",
        "@d.yaml",
        "--keep",
        "@.",
        "--runtime-option",
        "graph-optimization=none",
        ON[0],
        ON[1]);
    Tree.Mapping claims =
        done(new String[] {"inspect", "@q.onnx", "--json"}).json().get("claims").asMapping();
    assertEquals("onnxruntime", claims.get("octet.calibration.runtime").asText());
    assertEquals(
        "graph-optimization=none", claims.get("octet.calibration.runtime.options").asText());
    String version = claims.get("octet.calibration.runtime.version").asText();
    Tree.Mapping maker =
        done(new String[] {"inspect", "@x.calib", "--json"})
            .json()
            .get("makers")
            .asItems()
            .get(0)
            .asMapping();
    assertEquals("onnxruntime", maker.get("runtime").asText());
    assertEquals(version, maker.get("runtimeVersion").asText());
    assertTrue(
        done(new String[] {"inspect", "@x.calib"})
            .out()
            .contains("run on onnxruntime " + version + " (graph-optimization=none)"));
    String[] verify = {"verify", "@q.onnx", "--model", "@m.onnx", "--plan", "@plan.json"};
    done(verify, "--data", "@d.yaml");
    done(verify, "--calibration", "@x.calib");
  }

  /** Where both run a model, what they see is the same but for the last bits. */
  @Test
  void calibrationsOfUnlikeRuntimesAreKeptApart() throws IOException {
    octet.writeClassifier(13);
    octet.writeTwoParts();
    done(new String[] {"plan", "@m.onnx", "--backend", "cpu", "-o", "@p.json"});
    String[] calibrate = {"calibrate", "@m.onnx", "--plan", "@p.json", "--json", "--data"};
    Result first = done(calibrate, "@first.yaml", "-o", "@a.calib", ON[0], ON[1]);
    assertEquals("onnxruntime", first.json().get("runtime").asText());
    assertEquals(
        "cpu", done(calibrate, "@rest.yaml", "-o", "@b.calib").json().get("runtime").asText());
    Result refused = octet.run("merge", "@a.calib", "@b.calib", "-o", "@all.calib", "--json");
    assertEquals("OCT-CAL-031", refused.errorId());
    done(calibrate, "@rest.yaml", "-o", "@c.calib", ON[0], ON[1]);
    done(calibrate, "@d.yaml", "-o", "@whole.calib", ON[0], ON[1]);
    Result merged =
        done(new String[] {"merge", "@a.calib", "@c.calib", "-o", "@all.calib"}, "--json");
    assertEquals(
        done(new String[] {"inspect", "@whole.calib", "--json"}).json().get("contentHash"),
        merged.json().get("contentHash"));
    Result other = octet.run("diff", "@a.calib", "@b.calib");
    assertTrue(other.out().contains("onnxruntime"), other.out());
    done(
        new String[] {"convert", "@m.onnx", "--plan", "@p.json", "-o", "@q.onnx"},
        "--calibration",
        "@all.calib");
  }

  @Test
  void whatNobodyKnowsTheTypeOfStaysFloatWithThatReason() throws IOException {
    new OnnxFormat().write(model(Optional.empty()), at("untyped"));
    Result quantized =
        done(quantize("@untyped.onnx", "onnxruntime"), "--data", "@d.yaml", ON[0], ON[1]);
    assertEquals(List.of("crop", "second"), floatNodes(quantized));
    assertTrue(quantized.out().contains("type"), quantized.out());
    Result evaluated =
        done(
            new String[] {"evaluate", "@q.onnx", "--reference", "@untyped.onnx", "--json"},
            "--data",
            "@d.yaml",
            ON[0],
            ON[1]);
    assertTrue(evaluated.json().get("sqnrDb").asNumber().doubleValue() > 28, evaluated.out());
  }

  @Test
  void aResultThatNothingRunsIsSaidToBeUnchecked() {
    Result quantized =
        done(quantize("@m.onnx", "xnnpack"), "--data", "@d.yaml", "--option", "mode=dynamic");
    assertTrue(findings(quantized).contains("OCT-CHK-103"), quantized.out());
    assertFalse(quantized.json().find("check").isPresent(), quantized.out());
  }

  @Test
  void aModelThatOctetRunsIsCheckedOnItsKernelsWhateverCalibrated() throws IOException {
    octet.writeClassifier(13);
    Result quantized = done(quantize("@m.onnx", "cpu"), "--data", "@d.yaml", ON[0], ON[1]);
    assertEquals("cpu", quantized.json().get("check").asMapping().get("runtime").asText());
    assertFalse(findings(quantized).contains("OCT-CHK-104"), quantized.out());
  }

  @Test
  void aRuntimeThatThereIsNotIsNamedBeforeAnythingRuns() {
    Result refused = run(quantize("@m.onnx", "cpu"), "--data", "@d.yaml", "--runtime", "xnnpack");
    assertEquals("OCT-REG-005", refused.errorId());
  }
}
