package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.cli.CommandFixture.Result;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.kernels.lower.Lowered;
import dev.octet.kernels.lower.QdqLowering;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models whose sums need more than int32: 16 bits, and biases that fill their type. */
class WideModelTest {

  @TempDir Path folder;
  private CommandFixture octet;

  @BeforeEach
  void writeFiles() throws IOException {
    octet = new CommandFixture(folder);
    octet.writeClassifier(21);
  }

  private void done(String... words) {
    Result result =
        octet.run(Stream.concat(Stream.of(words), Stream.of("--json")).toArray(String[]::new));
    assertEquals(0, result.exitCode(), result.out() + result.err());
  }

  private double sqnr() {
    Result result =
        octet.run(
            "evaluate",
            "@q.onnx",
            "--reference",
            "@m.onnx",
            "--data",
            "@d.yaml",
            "--runtime",
            "cpu",
            "--json");
    assertEquals(0, result.exitCode(), result.out() + result.err());
    return result.json().get("sqnrDb").asNumber().doubleValue();
  }

  private Lowered lowered() {
    return QdqLowering.lower(new OnnxFormat().read(octet.file("q.onnx")));
  }

  @ParameterizedTest
  @CsvSource({"arm, 8", "arm, 4", "qnn, 8", "qnn, 4", "qnn, 16"})
  void layersOfSixteenBitsComputeOnIntegers(String backend, String weightBits) {
    done(
        "quantize",
        "@m.onnx",
        "--backend",
        backend,
        "--option",
        "activation-bits=16",
        "--option",
        "weight-bits=" + weightBits,
        "--data",
        "@d.yaml",
        "-o",
        "@q.onnx");
    List<String> layers =
        lowered().model().graph().nodes().stream()
            .map(Node::op)
            .filter(op -> op.is("Gemm") || op.name().equals("QGemm"))
            .map(op -> op.name())
            .toList();
    assertEquals(List.of("QGemm", "QGemm"), layers);
    double least = weightBits.equals("16") ? 75 : weightBits.equals("8") ? 40 : 15;
    assertTrue(sqnr() > least, "SQNR " + sqnr());
  }

  @Test
  void aBiasThatFillsInt32ButForTheProductsRuns() {
    Model model = new OnnxFormat().read(octet.file("m.onnx"));
    Map<String, Tensor> constants = new LinkedHashMap<>(model.graph().initializers());
    float[] first = constants.get("w1").floats().clone();
    first[0] = 1e-7f;
    constants.put("w1", Tensor.of(first, 4, 4));
    constants.put("b1", Tensor.of(new float[] {60f, 0.25f, 0, 0}, 4));
    Graph graph = model.graph();
    new OnnxFormat()
        .write(
            model.withGraph(
                new Graph(
                    graph.name(),
                    graph.inputs(),
                    graph.outputs(),
                    constants,
                    graph.nodes(),
                    graph.values(),
                    graph.origin())),
            octet.file("m.onnx"));
    done("quantize", "@m.onnx", "--backend", "cpu", "--data", "@d.yaml", "-o", "@q.onnx");
    int bias =
        new OnnxFormat()
            .read(octet.file("q.onnx")).graph().initializers().values().stream()
                .filter(tensor -> tensor.dataType() == DataType.INT32)
                .flatMapToInt(tensor -> Arrays.stream(tensor.int32s()))
                .max()
                .orElseThrow();
    int products = 4 * 255 * 128;
    assertTrue(bias > Integer.MAX_VALUE - products, "the largest bias is " + bias);
    assertTrue(sqnr() > 20, "SQNR " + sqnr());
  }
}
