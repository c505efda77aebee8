package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.tree.Tree;
import dev.octet.cli.CommandFixture.Result;
import dev.octet.format.onnx.OnnxFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code octet quantize} does about a result that is no good. */
class MendedResultTest {

  @TempDir Path folder;
  private CommandFixture octet;

  /** Writes a model that moves small values by 1000, whose integers lose them, and back. */
  @BeforeEach
  void writeFiles() throws IOException {
    octet = new CommandFixture(folder);
    Map<String, Tensor> constants =
        Map.of(
            "up", Tensor.of(new float[] {1000}, 1),
            "down", Tensor.of(new float[] {-1000}, 1));
    new OnnxFormat()
        .write(
            CommandFixture.model(
                List.of(
                    CommandFixture.node("Sigmoid", "in", "a"),
                    Node.of("b", OpType.onnx("Add"), List.of("a", "up"), List.of("b")),
                    Node.of("c", OpType.onnx("Add"), List.of("b", "down"), List.of("c")),
                    CommandFixture.node("Sigmoid", "c", "out")),
                constants,
                13,
                CommandFixture.value("in", "N", 2),
                CommandFixture.value("out", "N", 2)),
            octet.file("m.onnx"));
    float[] samples = new float[40];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (i * 7 % 40 - 20) / 4f;
    }
    octet.npy("x.npy", Tensor.of(samples, 20, 2));
    octet.write("d.yaml", "inputs: {in: {file: x.npy}}\n");
  }

  private Result quantize(String backend, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of("quantize", "@m.onnx", "--backend", backend, "--data", "@d.yaml", "--json"));
    words.addAll(List.of("-o", "@q.onnx"));
    words.addAll(List.of(more));
    return octet.run(words.toArray(String[]::new));
  }

  private static Set<String> keptFloat(Result result) {
    return result.json().get("check").asMapping().get("keptFloat").asItems().stream()
        .map(node -> node.asMapping().get("name").asText())
        .collect(Collectors.toSet());
  }

  private static List<String> findings(Result result) {
    return result.json().get("findings").asItems().stream()
        .map(finding -> finding.asMapping().get("id").asText())
        .filter(id -> id.startsWith("OCT-CHK"))
        .toList();
  }

  @Test
  void nodesAreKeptInFloatAndThePlanThatIsKeptSaysSo() {
    Result result = quantize("cpu", "--keep", "@steps");
    assertEquals(Set.of("b", "c"), keptFloat(result), result.out());
    assertEquals(List.of("OCT-CHK-102"), findings(result));
    Tree.Mapping plan = octet.run("inspect", "@steps/plan.json", "--json").json();
    Tree.Mapping node =
        plan.get("nodes").asItems().stream()
            .map(Tree::asMapping)
            .filter(each -> each.get("name").asText().equals("b"))
            .findFirst()
            .orElseThrow();
    assertEquals("measured", node.get("decidedBy").asText());
    Result again =
        octet.run(
            "convert",
            "@m.onnx",
            "--plan",
            "@steps/plan.json",
            "--calibration",
            "@steps/x.calib",
            "-o",
            "@again.onnx",
            "--json");
    assertEquals(
        result.json().get("outputSha256").asText(), again.json().get("outputSha256").asText());
  }

  @Test
  void asPlannedTheResultIsHandedOverWithAWarning() {
    Result result = quantize("cpu", "--as-planned", "--fail-on", "warning");
    assertEquals(1, result.exitCode());
    assertEquals(Set.of(), keptFloat(result));
    assertEquals(List.of("OCT-CHK-101"), findings(result));
    assertTrue(result.err().contains("Output 'out' has "), result.err());
  }

  @Test
  void backendsWithoutRuntimeAreMendedWhenThatIsAsked() {
    Result planned = quantize("qnn");
    assertEquals(Set.of(), keptFloat(planned));
    assertEquals(List.of("OCT-CHK-101"), findings(planned));
    Result mended = quantize("qnn", "--repair");
    assertEquals(Set.of("b", "c"), keptFloat(mended), mended.out());
  }

  @Test
  void theBoundIsAnOption() {
    Result result = quantize("cpu", "--least-sqnr", "-100");
    assertEquals(List.of(), findings(result));
    assertEquals(
        -100, result.json().get("check").asMapping().get("leastSqnrDb").asNumber().intValue());
    Result both = quantize("cpu", "--repair", "--as-planned");
    assertEquals(2, both.exitCode());
  }

  private static Set<String> constantProducts() {
    Graph graph = new OnnxFormat().read(Path.of(corpus("models/kwt1/kwt1.onnx"))).graph();
    return graph.nodes().stream()
        .filter(node -> node.op().is("MatMul"))
        .filter(node -> node.operands().stream().anyMatch(graph.initializers()::containsKey))
        .map(Node::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static int number(String node) {
    return Integer.parseInt(node.substring(node.lastIndexOf('_') + 1));
  }

  private static String corpus(String file) {
    String corpora = System.getProperty("octet.corpora", "");
    assumeTrue(!corpora.isEmpty(), "the models are absent: set the system property octet.corpora");
    return Path.of(corpora, file).toString();
  }

  /** The float model has 0.9156; with everything quantized that {@code cpu} can, 0.26. */
  @Test
  void aKeywordSpotterWithItsAudioFrontEndKeepsItsAccuracy() {
    Result result =
        octet.run(
            "quantize",
            corpus("models/kwt1/kwt1.onnx"),
            "--backend",
            "cpu",
            "--data",
            corpus("descriptions/kwt_calibration.yaml"),
            "-o",
            "@q.onnx",
            "--json");
    Set<String> kept = keptFloat(result);
    double top1 =
        octet
            .run(
                "evaluate",
                "@q.onnx",
                "--data",
                corpus("descriptions/kwt_test.yaml"),
                "--runtime",
                "onnxruntime",
                "--json")
            .json()
            .get("top1")
            .asNumber()
            .doubleValue();
    System.out.printf(
        Locale.ROOT, "top-1 %.4f of 0.9156, kept in float: %s%n", top1, String.join(", ", kept));
    assertTrue(top1 >= 0.9156 - 0.03, "top-1 " + top1);
    // The front end begins with node 5 and ends with 19.
    long front = kept.stream().filter(name -> number(name) <= 19).count();
    assertTrue(front >= 5, kept.toString());
    Set<String> products = constantProducts();
    assertEquals(78, products.size());
    products.retainAll(kept);
    assertTrue(products.size() <= 7, "nine tenths in integers, but not " + products);
  }
}
