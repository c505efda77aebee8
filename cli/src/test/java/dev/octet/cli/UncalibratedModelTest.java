package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.Parallelism;
import dev.octet.api.tree.Tree;
import dev.octet.cli.CommandFixture.Result;
import dev.octet.format.onnx.OnnxFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that are quantized without data. */
class UncalibratedModelTest {

  private static final String[] DYNAMIC = {
    "--backend", "xnnpack", "--option", "mode=dynamic", "--option", "per-channel=false"
  };

  @TempDir Path folder;
  private CommandFixture octet;

  @BeforeEach
  void writeFiles() throws IOException {
    octet = new CommandFixture(folder);
    octet.writeClassifier(13);
  }

  private Result run(List<String> first, String... more) {
    return octet.run(Stream.concat(first.stream(), Arrays.stream(more)).toArray(String[]::new));
  }

  private static List<String> dynamic(String command, String output) {
    return Stream.concat(Stream.of(command, "@m.onnx", "-o", output), Arrays.stream(DYNAMIC))
        .toList();
  }

  /** What int8 with 256 steps and a floor of 2^-12 leaves of a tensor. */
  private static double[] activation(double[] x) {
    float low = 0;
    float high = 0;
    for (double element : x) {
      low = Math.min(low, (float) element);
      high = Math.max(high, (float) element);
    }
    float scale = Math.max((high - low) / 255, 0x1p-12f);
    double zero = Math.max(-128, Math.min(127, -128 - Math.rint(low / scale)));
    double[] y = new double[x.length];
    for (int i = 0; i < y.length; i++) {
      double q = Math.rint((float) x[i] / scale) + zero;
      y[i] = (Math.max(-128, Math.min(127, q)) - zero) * scale;
    }
    return y;
  }

  private static double[] weight(float[] w) {
    float most = 0;
    for (float element : w) {
      most = Math.max(most, Math.abs(element));
    }
    float scale = Math.max(most / 127, 0x1p-12f);
    double[] y = new double[w.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = Math.rint(w[i] / scale) * scale;
    }
    return y;
  }

  private static double[] dense(double[] x, Tensor weight, Tensor bias) {
    double[] w = weight(weight.floats());
    int width = bias.floats().length;
    int depth = w.length / width;
    double[] y = new double[x.length / depth * width];
    for (int i = 0; i < y.length; i++) {
      y[i] = bias.floats()[i % width];
      for (int k = 0; k < depth; k++) {
        y[i] += x[i / width * depth + k] * w[k * width + i % width];
      }
    }
    return y;
  }

  @Test
  void aDynamicNetworkComputesWhatItsFormulasSayInBothRuntimes() {
    Result result = run(dynamic("quantize", "@q.onnx"), "--json");
    assertEquals(0, result.exitCode(), result.err());
    assertEquals(2, result.json().get("quantizedNodes").asInt());
    assertEquals(List.of(), result.json().get("findings").asItems());
    float[] x = {1.5f, -0.25f, 3f, 0.7f, 0f, 2f, -1f, 0.1f};
    Map<String, Tensor> constants = CommandFixture.classifier(13).graph().initializers();
    double[] hidden =
        dense(
            activation(new double[] {1.5f, -0.25f, 3f, 0.7f, 0f, 2f, -1f, 0.1f}),
            constants.get("w1"),
            constants.get("b1"));
    for (int i = 0; i < hidden.length; i++) {
      hidden[i] = Math.max(hidden[i], 0);
    }
    double[] expected = dense(activation(hidden), constants.get("w2"), constants.get("b2"));
    Model model = new OnnxFormat().read(octet.file("q.onnx"));
    QuantizerCatalog catalog =
        QuantizerCatalog.discover(UncalibratedModelTest.class.getClassLoader());
    for (String runtime : List.of("cpu", "onnxruntime")) {
      try (ExecutableModel loaded =
          catalog.runtime(runtime).load(LoadRequest.of(model, Parallelism.threads(1)))) {
        float[] y = loaded.run(Map.of("in", Tensor.of(x, 2, 4))).get("scores").floats();
        for (int i = 0; i < y.length; i++) {
          assertEquals(expected[i], y[i], 1e-5, runtime + ", score " + i);
        }
      }
    }
  }

  @Test
  void theStepsOneByOneGiveTheSameBytes() throws IOException {
    assertEquals(0, run(dynamic("quantize", "@q.onnx"), "--keep", "@kept").exitCode());
    assertFalse(Files.exists(octet.file("kept").resolve("x.calib")));
    assertEquals(0, run(dynamic("plan", "@p.json")).exitCode());
    Result converted = octet.run("convert", "@m.onnx", "--plan", "@p.json", "-o", "@two.onnx");
    assertEquals(0, converted.exitCode(), converted.err());
    assertArrayEquals(
        Files.readAllBytes(octet.file("q.onnx")), Files.readAllBytes(octet.file("two.onnx")));
  }

  /** Nothing is calibrated; the data says what is lost, of each weight and of the whole. */
  @Test
  void dataThatIsNotNeededSaysWhatIsLost() {
    Result result = run(dynamic("quantize", "@q.onnx"), "--data", "@d.yaml", "--json");
    assertEquals(0, result.exitCode(), result.err());
    Tree.Mapping report = result.json();
    assertEquals(List.of(), report.get("findings").asItems());
    List<Tree> layers = report.get("layerErrors").asItems();
    assertEquals(2, layers.size());
    assertTrue(decibels(layers.get(0).asMapping(), "weightSqnrDb") > 30, layers.toString());
    assertEquals(decibels(report, "sqnrDb"), decibels(layers.get(1).asMapping(), "sqnrDb"));
    assertEquals(1, report.get("top1Agreement").asNumber().doubleValue());
    assertTrue(run(dynamic("quantize", "@p.onnx")).out().contains("2 of 3 nodes"));
    assertArrayEquals(bytes("p.onnx"), bytes("q.onnx"));
  }

  private static double decibels(Tree.Mapping report, String field) {
    return report.get(field).asNumber().doubleValue();
  }

  private byte[] bytes(String name) {
    try {
      return Files.readAllBytes(octet.file(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aCalibrationThatIsNotNeededIsTold() {
    assertEquals(0, run(dynamic("plan", "@p.json")).exitCode());
    Result calibrated =
        octet.run(
            "calibrate", "@m.onnx", "--plan", "@p.json", "--data", "@d.yaml", "-o", "@x.calib");
    assertEquals(0, calibrated.exitCode(), calibrated.err());
    Result converted =
        octet.run(
            "convert",
            "@m.onnx",
            "--plan",
            "@p.json",
            "--calibration",
            "@x.calib",
            "-o",
            "@q.onnx",
            "--json");
    List<Tree> findings = converted.json().get("findings").asItems();
    assertEquals("OCT-CONV-103", findings.get(0).asMapping().get("id").asText());
  }

  @Test
  void aPlanThatIsCalibratedAsksForDataAndCalibration() {
    Result quantized =
        octet.run("quantize", "@m.onnx", "--backend", "cpu", "-o", "@q.onnx", "--json");
    assertEquals(2, quantized.exitCode(), quantized.err());
    assertEquals("OCT-CLI-019", quantized.errorId());
    assertEquals(0, octet.run("plan", "@m.onnx", "--backend", "cpu", "-o", "@p.json").exitCode());
    Result converted =
        octet.run("convert", "@m.onnx", "--plan", "@p.json", "-o", "@q.onnx", "--json");
    assertEquals(4, converted.exitCode(), converted.err());
    assertEquals("OCT-CONV-020", converted.errorId());
    assertTrue(converted.out().contains("there is no calibration"), converted.out());
    assertFalse(Files.exists(octet.file("q.onnx")));
  }

  @Test
  void aQuantizationAwarePlanIsMadeAndNotConverted() {
    Result plan =
        octet.run(
            "plan",
            "@m.onnx",
            "--backend",
            "xnnpack",
            "--option",
            "mode=qat",
            "-o",
            "@p.json",
            "--json");
    assertEquals(0, plan.exitCode(), plan.err());
    assertTrue(plan.out().contains("OCT-PLAN-101"), plan.out());
    Result quantized =
        octet.run(
            "quantize",
            "@m.onnx",
            "--backend",
            "xnnpack",
            "--option",
            "mode=qat",
            "-o",
            "@q.onnx",
            "--json");
    assertEquals(4, quantized.exitCode(), quantized.err());
    assertEquals("OCT-CONV-001", quantized.errorId());
  }
}
