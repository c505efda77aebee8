package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.tree.Tree;
import dev.octet.format.onnx.OnnxFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A model whose layers were rewritten goes to a backend for the rest of its nodes. */
class SourceThenQuantizeTest {

  @TempDir Path folder;
  private CommandFixture octet;

  static Stream<String> backends() {
    return QuantizerCatalog.discover(SourceThenQuantizeTest.class.getClassLoader())
        .providers()
        .stream()
        .map(QuantizerProvider::name)
        .filter(name -> !name.equals("x86"));
  }

  private static Tensor random(int seed, int inputs, int outputs) {
    Random random = new Random(seed);
    float[] elements = new float[inputs * outputs];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = (float) random.nextGaussian() / 4;
    }
    return Tensor.of(elements, inputs, outputs);
  }

  /** MatMul, Add, Relu, MatMul, and an Add of what the first gives. */
  private static Model model() {
    Map<String, Tensor> constants = new LinkedHashMap<>();
    constants.put("w", random(1, 16, 16));
    constants.put("v", random(2, 16, 16));
    constants.put("bias", Tensor.of(random(3, 1, 16).floats(), 16));
    List<Node> nodes =
        List.of(
            node("first", "MatMul", "a", "in", "w"),
            node("shift", "Add", "b", "a", "bias"),
            node("relu", "Relu", "c", "b"),
            node("second", "MatMul", "d", "c", "v"),
            node("sum", "Add", "out", "c", "d"));
    return CommandFixture.model(
        nodes,
        constants,
        21,
        CommandFixture.value("in", "N", 16),
        CommandFixture.value("out", "N", 16));
  }

  private static Node node(String name, String op, String result, String... operands) {
    return Node.of(name, OpType.onnx(op), List.of(operands), List.of(result));
  }

  @BeforeEach
  void writeFiles() throws IOException {
    octet = new CommandFixture(folder);
    new OnnxFormat().write(model(), octet.file("m.onnx"));
    octet.npy("x.npy", random(5, 64, 16));
    octet.write("d.yaml", "inputs: {in: {file: x.npy}}");
  }

  private CommandFixture.Result run(String... words) {
    CommandFixture.Result result = octet.run(words);
    assertEquals(0, result.exitCode(), result.err() + result.out());
    return result;
  }

  private Graph read(String file) {
    return new OnnxFormat().read(octet.file(file)).graph();
  }

  private static Map<String, String> reasons(Tree.Mapping report) {
    Map<String, String> reasons = new LinkedHashMap<>();
    for (Tree node : report.get("floatNodes").asItems()) {
      reasons.put(node.asMapping().get("name").asText(), node.asMapping().get("reason").asText());
    }
    return reasons;
  }

  private Tree.Mapping quantized(String backend, String scheme, String... options) {
    List<String> words =
        new ArrayList<>(List.of("source", "@m.onnx", "--scheme", scheme, "-o", "@s.onnx"));
    words.addAll(List.of(options));
    run(words.toArray(String[]::new));
    Tree.Mapping report =
        run(
                "quantize",
                "@s.onnx",
                "--backend",
                backend,
                "--data",
                "@d.yaml",
                "-o",
                "@q.onnx",
                "--json")
            .json();
    Graph after = read("q.onnx");
    read("s.onnx")
        .initializers()
        .forEach(
            (name, tensor) -> {
              if (tensor.dataType().isInteger() && tensor.rank() > 1) {
                assertEquals(tensor, after.initializers().get(name), name);
              }
            });
    return report;
  }

  private double decibels(String reference) {
    Optional<Tree> found =
        run("evaluate", "@q.onnx", "--reference", reference, "--data", "@d.yaml", "--json")
            .json()
            .find("sqnrDb");
    return found.orElseThrow().asNumber().doubleValue();
  }

  @ParameterizedTest
  @MethodSource("backends")
  void everyBackendLeavesTheLayersAloneAndSaysSo(String backend) {
    for (String scheme : List.of("int8dyn-int8", "int8dyn-int4", "int8", "intx", "int4")) {
      Map<String, String> reasons = reasons(quantized(backend, scheme));
      for (String layer : List.of("first", "second")) {
        assertEquals(
            "excluded by the model itself, in which it computes on integers already",
            reasons.get(layer));
      }
      double decibels = decibels("@m.onnx");
      assertTrue(decibels > 15, backend + " " + scheme + " " + decibels);
    }
  }

  /** It has rules for layers alone, and there is none left. */
  @Test
  void aBackendThatFindsNothingLeftSaysThat() {
    run("source", "@m.onnx", "--scheme", "int8", "-o", "@s.onnx");
    CommandFixture.Result result =
        octet.run(
            "quantize",
            "@s.onnx",
            "--backend",
            "x86",
            "--data",
            "@d.yaml",
            "-o",
            "@q.onnx",
            "--json");
    assertEquals("OCT-CONV-008", result.errorId());
  }

  @Test
  void theRestIsQuantizedAndNothingThatFindsScales() {
    Tree.Mapping report = quantized("cpu", "int8dyn-int8", "--mapping", "asymmetric");
    assertEquals(3, report.get("quantizedNodes").asInt(), report.toString());
    String why =
        "excluded by the model itself, in which it belongs to integers that a layer reads already";
    reasons(report)
        .forEach(
            (name, reason) -> {
              if (!name.equals("first") && !name.equals("second")) {
                assertEquals(why, reason, name);
              }
            });
    assertTrue(decibels("@s.onnx") > 30);
  }

  @Test
  void narrowPrecisionsStandBetweenIntegersAndLayers() {
    Map<String, String> reasons =
        reasons(quantized("cpu", "int8dyn-int8", "--precision", "bfloat16"));
    assertTrue(reasons.get("second").endsWith("integers already"), reasons.toString());
    assertTrue(
        reasons.entrySet().stream()
            .filter(e -> e.getKey().contains("Reduce") || e.getKey().contains("Div"))
            .allMatch(e -> e.getValue().startsWith("excluded by the model")),
        reasons.toString());
  }

  /** What a dynamic mode of a backend left is left by the next one, too. */
  @Test
  void dynamicModesAreLeftAloneToo() {
    run("quantize", "@m.onnx", "--backend", "x86", "--option", "mode=dynamic", "-o", "@s.onnx");
    Tree.Mapping report =
        run(
                "quantize",
                "@s.onnx",
                "--backend",
                "cpu",
                "--data",
                "@d.yaml",
                "-o",
                "@q.onnx",
                "--json")
            .json();
    assertTrue(
        reasons(report).get("first").endsWith("computes on integers already"), report.toString());
    assertTrue(decibels("@m.onnx") > 20);
  }

  /** A table turned round stands behind a Transpose, which is no layer. */
  @Test
  void aLayerThatReadsATableTurnedRoundIsLeftAloneToo() {
    Tensor table = random(7, 16, 16);
    float[] turned = new float[256];
    for (int i = 0; i < 256; i++) {
      turned[i % 16 * 16 + i / 16] = table.floats()[i];
    }
    List<Node> nodes =
        List.of(
            Node.of(
                "largest",
                OpType.onnx("ArgMax"),
                List.of("in"),
                List.of("i"),
                Attribute.of("axis", 1L),
                Attribute.of("keepdims", 0L)),
            node("choose", "Gather", "e", "table", "i"),
            node("head", "MatMul", "h", "e", "turned"),
            node("sum", "Add", "out", "h", "in"));
    Model model =
        CommandFixture.model(
            nodes,
            Map.of("table", table, "turned", Tensor.of(turned, 16, 16)),
            21,
            CommandFixture.value("in", "N", 16),
            CommandFixture.value("out", "N", 16));
    new OnnxFormat().write(model, octet.file("m.onnx"));
    Map<String, String> reasons = reasons(quantized("cpu", "intx", "--tie"));
    assertEquals(
        "excluded by the model itself, in which it computes on integers already",
        reasons.get("head"));
  }
}
