package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.kernels.execute.GraphExecutor;
import dev.octet.kernels.lower.Lowered;
import dev.octet.kernels.lower.LoweringReport;
import dev.octet.kernels.lower.QdqLowering;
import dev.octet.workflow.data.DataDescription;
import dev.octet.workflow.data.DataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Runs models that ONNX Runtime's tool quantized, lowered to integers, and compares every logit
 * with those of ONNX Runtime's own integer graph. Its results are exact where products cannot
 * saturate: with 7-bit weights (rr), or in its precise mode.
 */
class WholeModelGoldensTest {

  @ParameterizedTest(name = "{0} {1} as in {2}")
  @CsvSource({
    "kws, minmax_u8_pc_rr, optimized, kws_test, 1200",
    "kws, minmax_u8_pc, optimized_precise, kws_test, 1200",
    "kws, minmax_s8_pc, optimized_precise, kws_test, 1200",
    "kws, percentile_s8_pt, optimized_precise, kws_test, 1200",
    "resnet20, minmax_u8_pc_rr, optimized, cifar10_test, 1000",
  })
  void givesTheLogitsOfOnnxRuntime(
      String model, String id, String mode, String description, int logits) throws IOException {
    Path folder = folder("octet.goldens").resolve("onnxruntime/whole_models").resolve(model);
    Lowered lowered = QdqLowering.lower(new OnnxFormat().read(folder.resolve(id + ".onnx")));
    assertEquals(List.of(), lowered.report().floatEntries());
    float[] expected = NpyFile.read(folder.resolve(id + ".logits_" + mode + ".npy")).floats();
    Path data = folder("octet.corpora").resolve("descriptions/" + description + ".yaml");
    int equal = equalLogits(lowered.model(), data, expected);
    System.out.printf("%s %s %s: %d of %d logits equal%n", model, id, mode, equal, logits);
    assertEquals(logits, expected.length);
    assertEquals(logits, equal);
  }

  private static int equalLogits(Model model, Path data, float[] expected) {
    int equal = 0;
    try (DataSource source = DataDescription.open(data, model.graph());
        GraphExecutor executor = GraphExecutor.of(model, 2)) {
      int classes = expected.length / 100;
      for (int sample = 0; sample < 100; sample++) {
        Tensor output = executor.run(source.batch(sample, 1)).values().iterator().next();
        float[] actual = output.floats();
        for (int i = 0; i < classes; i++) {
          equal += actual[i] == expected[sample * classes + i] ? 1 : 0;
        }
      }
    }
    return equal;
  }

  @ParameterizedTest(name = "{0} {1}: {2} nodes")
  @CsvSource({
    "kws, minmax_s8_pc, 12",
    "kws, percentile_s8_pt, 12",
    "resnet20, minmax_s8_pc, 35",
    "resnet20, minmax_u8_pc_rr, 35",
  })
  void lowersEveryNode(String model, String id, int nodes) {
    Path folder = folder("octet.goldens").resolve("onnxruntime/whole_models").resolve(model);
    LoweringReport report =
        QdqLowering.lower(new OnnxFormat().read(folder.resolve(id + ".onnx"))).report();
    assertEquals(List.of(), report.floatEntries());
    assertEquals(nodes, report.integerCount());
  }

  private static Path folder(String property) {
    String path = System.getProperty(property, "");
    assumeTrue(
        !path.isEmpty() && Files.isDirectory(Path.of(path)),
        "the data is absent: set the system property " + property);
    return Path.of(path);
  }
}
