package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.tree.Tree;
import dev.octet.cli.CommandFixture.Result;
import dev.octet.format.onnx.OnnxFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Small models after situations that people report of quantizers, each with its data: what each
 * case is to give stands in the index beside the cases. What each gave is printed as a table.
 */
class CasesTest {

  private static final String CASES = System.getProperty("octet.cases", "");
  private static final List<String> TABLE = new ArrayList<>();

  @TempDir Path folder;
  private CommandFixture octet;

  @BeforeEach
  void findCases() {
    assumeTrue(!CASES.isEmpty(), "the cases are absent: set the system property octet.cases");
    octet = new CommandFixture(folder);
  }

  @AfterAll
  static void printTable() {
    TABLE.stream().sorted().forEach(System.out::println);
  }

  private static void row(String name, String where, String format, Object... values) {
    String given = String.format(Locale.ROOT, format, values);
    TABLE.add(String.format(Locale.ROOT, "| %s | %s | %s |", name, where, given));
  }

  private static String model(String name) {
    return Path.of(CASES, name, "model.onnx").toString();
  }

  private static String data(String name) {
    Path description = Path.of(CASES, name, "data.yaml");
    return (Files.exists(description) ? description : Path.of(CASES, name, "data")).toString();
  }

  private Result quantize(String name, String backend, String... more) {
    List<String> words =
        new ArrayList<>(List.of("quantize", model(name), "--backend", backend, "--json"));
    words.addAll(List.of("--data", data(name), "-o", "@q.onnx"));
    words.addAll(List.of(more));
    return octet.run(words.toArray(String[]::new));
  }

  private Tree.Mapping quantized(String name, String backend, String... more) {
    Result result = quantize(name, backend, more);
    assertEquals(0, result.exitCode(), name + " for " + backend + ": " + result.err());
    return result.json();
  }

  /** Returns the decibels of the worst output of q.onnx. */
  private double decibels(String name, String runtime) {
    String[] words = {
      "evaluate", "@q.onnx", "--reference", model(name), "--data", data(name), "--json"
    };
    String[] all = Arrays.copyOf(words, words.length + 2);
    all[words.length] = "--runtime";
    all[words.length + 1] = runtime;
    Result result = octet.run(all);
    assertEquals(0, result.exitCode(), result.err());
    return result.json().get("sqnrDb").asNumber().doubleValue();
  }

  private void runs(String name, String file, String runtime) {
    Result result =
        octet.run("run", file, "--data", data(name), "-o", "@out", "--runtime", runtime, "--json");
    assertEquals(0, result.exitCode(), name + " on " + runtime + ": " + result.err());
  }

  private static List<String> messages(Tree.Mapping json, String id) {
    return json.get("findings").asItems().stream()
        .map(Tree::asMapping)
        .filter(finding -> finding.get("id").asText().equals(id))
        .map(finding -> finding.get("message").asText())
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "d07_softmax_512_keys, cpu, cpu, 35",
    "d07_softmax_512_keys, onnxruntime, onnxruntime, 35",
    "d05_mask_where_inf, cpu, cpu, 30",
    "d05_mask_where_inf, onnxruntime, onnxruntime, 30",
    "d06_mask_const_1e4, cpu, cpu, 30",
    "d06_mask_const_1e4, onnxruntime, onnxruntime, 30",
    "e_mask, cpu, cpu, 30",
    "e_mask, onnxruntime, onnxruntime, 30",
    "d08_small_activations_1e-7, cpu, cpu, 38",
    "d08_small_activations_1e-7, onnxruntime, onnxruntime, 38",
    "d02_avgpool_ceil_cip_k3, onnxruntime, onnxruntime, 36",
    "d02_avgpool_ceil_cip_k3, cpu, cpu, 36",
  })
  void theWorstOutputHasItsDecibels(String name, String backend, String runtime, double least) {
    quantized(name, backend);
    double decibels = decibels(name, runtime);
    row(name, backend, "%.1f dB of at least %.0f", decibels, least);
    assertTrue(decibels >= least, decibels + " dB");
  }

  @ParameterizedTest
  @CsvSource({"d06_mask_const_1e4", "e_mask"})
  void masksThatTakeTheWholeRangeOfUpstreamsGridAreSaid(String name) {
    Tree.Mapping json = quantized(name, "xnnpack");
    String adds =
        new OnnxFormat()
            .read(Path.of(model(name))).graph().nodes().stream()
                .filter(node -> node.op().is("Add"))
                .map(Node::name)
                .findFirst()
                .orElseThrow();
    List<String> said =
        json.get("findings").asItems().stream()
            .map(Tree::asMapping)
            .filter(finding -> finding.get("id").asText().equals("OCT-CONV-107"))
            .map(finding -> finding.get("node").asText())
            .toList();
    row(name, "xnnpack", "OCT-CONV-107 names %s", said);
    assertEquals(List.of(adds), said);
  }

  @ParameterizedTest
  @CsvSource({"xnnpack", "x86"})
  void rangesBelowTheLeastScaleAreSaid(String backend) {
    String name = "d08c_small_act_1e-4_xnnpack_x86";
    List<String> said = messages(quantized(name, backend), "OCT-CONV-108");
    row(name, backend, "%s", said);
    assertEquals(1, said.size(), said.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "d03_avgpool_dilations, onnxruntime",
    "d03_avgpool_dilations, cpu",
    "d03_avgpool_dilations, x86",
    "d04_pad_axes_between_convs, onnxruntime",
    "d04_pad_axes_between_convs, cpu",
    "d04_pad_axes_between_convs, xnnpack",
    "d16_xnnpack_per_tensor_old_opset, xnnpack",
  })
  void whatIsWrittenRunsInOnnxRuntime(String name, String backend) {
    String[] options =
        backend.equals("xnnpack") ? new String[] {"--option", "per-channel=false"} : new String[0];
    quantized(name, backend, options);
    runs(name, "@q.onnx", "onnxruntime");
    row(name, backend, "runs in ONNX Runtime");
  }

  @ParameterizedTest
  @CsvSource({"arm", "cpu", "onnxruntime", "qnn", "x86", "xnnpack"})
  void aBranchThatReturnsAnOuterConstantIsWrittenWhole(String backend) {
    String name = "d09_if_returns_outer_initializer";
    Result result = quantize(name, backend);
    if (result.exitCode() != 0) {
      assertTrue(result.errorId().startsWith("OCT-"), result.out());
      row(name, backend, "refused: %s", result.errorId());
      return;
    }
    assertEquals(0, octet.run("inspect", "@q.onnx").exitCode());
    runs(name, "@q.onnx", "cpu");
    row(name, backend, "can be read, and runs");
  }

  @ParameterizedTest
  @CsvSource({
    "d10_empty_activation, cpu",
    "d10_empty_activation, onnxruntime",
    "d10_empty_activation, xnnpack",
    "d11_if_const_condition, cpu",
    "d11_if_const_condition, onnxruntime",
    "d11_if_const_condition, xnnpack",
  })
  void whatNoSampleReachesStaysFloat(String name, String backend) {
    List<String> said = messages(quantized(name, backend), "OCT-CAL-103");
    row(name, backend, "%s", said);
    assertEquals(1, said.size(), said.toString());
  }

  @ParameterizedTest
  @CsvSource({"arm", "cpu", "onnxruntime", "qnn", "x86", "xnnpack"})
  void localFunctionsAreInlined(String backend) {
    String name = "d13_local_function";
    quantized(name, backend);
    row(name, backend, "%.1f dB", decibels(name, "cpu"));
  }

  @ParameterizedTest
  @CsvSource({
    "d15_convtranspose, arm",
    "d15_convtranspose, cpu",
    "d15_convtranspose, onnxruntime",
    "d15_convtranspose, qnn",
    "d15_convtranspose, x86",
    "d15_convtranspose, xnnpack",
    "d15b_resize, arm",
    "d15b_resize, cpu",
    "d15b_resize, onnxruntime",
    "d15b_resize, qnn",
    "d15b_resize, x86",
    "d15b_resize, xnnpack",
  })
  void layersThatEnlargeAreCalibrated(String name, String backend) {
    Result result = quantize(name, backend);
    if (result.exitCode() != 0) {
      // A backend may have no rule for any node of the model, and says so.
      assertEquals("OCT-CONV-008", result.errorId(), result.out());
      row(name, backend, "nothing is quantized: %s", result.errorId());
      assertTrue(name.startsWith("d15_") && backend.equals("x86"), name + " for " + backend);
      return;
    }
    double decibels = decibels(name, "cpu");
    row(name, backend, "%.1f dB", decibels);
    assertTrue(decibels >= 25, decibels + " dB");
  }

  @Test
  void statisticsOfElementsAreAppliedToElements() throws IOException {
    String name = "d01_bn_spatial0_opset8";
    Model model = new OnnxFormat().read(Path.of(model(name)));
    Graph graph = model.graph();
    Node norm =
        graph.nodes().stream().filter(n -> n.op().is("BatchNormalization")).findFirst().get();
    ValueInfo between = ValueInfo.of(norm.operands().get(0), graph.outputs().get(0).type());
    Graph before =
        new Graph(
            "before",
            graph.inputs(),
            List.of(between),
            graph.initializers(),
            graph.nodes().stream().filter(n -> n != norm).toList(),
            Map.of(),
            Optional.empty());
    new OnnxFormat().write(Model.of(before, 8), octet.file("b.onnx"));
    runs(name, model(name), "cpu");
    float[] given = floats(octet.file("out/y.npy"));
    runs(name, octet.path("@b.onnx"), "cpu");
    float[] read = floats(octet.file("out/" + between.name() + ".npy"));
    float[][] statistics = new float[4][];
    for (int i = 0; i < 4; i++) {
      statistics[i] = graph.initializers().get(norm.operands().get(1 + i)).floats();
    }
    double largest = largestError(given, read, statistics, norm.floatAttribute("epsilon", 1e-5f));
    row(name, "float", "largest error %.1e", largest);
    assertTrue(largest < 1e-5, "error " + largest);
  }

  /** y = scale * (x - mean) / sqrt(variance + epsilon) + bias, element by element of a sample. */
  private static double largestError(
      float[] given, float[] read, float[][] statistics, double epsilon) {
    double largest = 0;
    int size = statistics[0].length;
    for (int i = 0; i < given.length; i++) {
      int k = i % size;
      double deviation = Math.sqrt(statistics[3][k] + epsilon);
      double expected =
          statistics[0][k] * (read[i] - statistics[2][k]) / deviation + statistics[1][k];
      largest = Math.max(largest, Math.abs(given[i] - expected));
    }
    return largest;
  }

  /** Reads the floats behind the header of an array, whose length is in bytes 8 and 9. */
  private static float[] floats(Path npy) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(npy)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(10 + bytes.getShort(8));
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    return values;
  }

  @Test
  void sparseInitializersAreReadAsTheyAreInspected() {
    String name = "d12_sparse_initializer";
    Result inspected = octet.run("inspect", model(name));
    Result run = octet.run("run", model(name), "--data", data(name), "-o", "@out", "--json");
    row(name, "float", "run ends with %d", run.exitCode());
    if (run.exitCode() != 0) {
      assertTrue((inspected.out() + inspected.err()).contains("sparse"), inspected.out());
      assertTrue(run.out().contains("sparse"), run.out());
    }
  }

  @Test
  void eachTestDataSetHasItsResult() throws IOException {
    String name = "d14_no_batch_axis";
    runs(name, model(name), "cpu");
    int sets;
    try (Stream<Path> folders = Files.list(Path.of(data(name)))) {
      sets = (int) folders.count();
    }
    float[] given = floats(octet.file("out/y.npy"));
    row(name, "float", "%d results of %d values for %d sets", sets, given.length / sets, sets);
    assertEquals(3 * sets, given.length);
  }

  @Test
  void samplesThatMixInABatchAreRunByThemselves() throws IOException {
    String name = "e_mix";
    runs(name, model(name), "cpu");
    float[] together = floats(octet.file("out/y.npy"));
    Path array = Path.of(CASES, name, "mix.npy");
    int samples = together.length / 4;
    for (int i = 0; i < samples; i++) {
      octet.write("one.yaml", "inputs: {x: {file: %s}}%nskip: %d%ntake: 1%n".formatted(array, i));
      assertEquals(
          0,
          octet
              .run("run", model(name), "--data", "@one.yaml", "-o", "@one", "--runtime", "cpu")
              .exitCode());
      assertArrayEquals(
          Arrays.copyOfRange(together, 4 * i, 4 * i + 4), floats(octet.file("one/y.npy")));
    }
    row(name, "float", "%d samples as each by itself", samples);
  }
}
