package dev.octet.cli.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.kernels.execute.GraphExecutor;
import dev.octet.workflow.data.DataDescription;
import dev.octet.workflow.data.DataSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real float models against the logits of ONNX Runtime, and with any number of threads. */
class FloatLogitsTest {

  /** The largest difference, in parts of the largest logit. */
  private static final double BOUND = 1e-4;

  private static final int SAMPLES = 100;

  @ParameterizedTest
  @CsvSource({"kws, kws_test.yaml", "resnet20, cifar10_test.yaml"})
  void agreeWithOnnxRuntime(String name, String description) throws IOException {
    Path folder = folder("octet.goldens", "onnxruntime/whole_models/" + name);
    Path data = folder("octet.corpora", "descriptions").resolve(description);
    Model model = new OnnxFormat().read(folder.resolve("float_prepared.onnx"));
    float[] expected = npyFloats(folder.resolve("float_logits.npy"));
    try (DataSource source = DataDescription.open(data, model.graph())) {
      float[] logits = logits(model, source, 1);
      assertEquals(expected.length, logits.length);
      double largest = 0;
      double difference = 0;
      for (int i = 0; i < expected.length; i++) {
        largest = Math.max(largest, Math.abs(expected[i]));
        difference = Math.max(difference, Math.abs(expected[i] - logits[i]));
      }
      assertTrue(difference <= BOUND * largest, difference + " of " + largest);
      assertArrayEquals(logits, logits(model, source, 2));
      assertArrayEquals(logits, logits(model, source, 7));
    }
  }

  /** Batches of 32 and a shorter one at the end. */
  private static float[] logits(Model model, DataSource source, int threads) {
    String output = model.graph().outputs().get(0).name();
    float[] all = {};
    try (GraphExecutor executor = GraphExecutor.of(model, threads)) {
      for (int from = 0; from < SAMPLES; from += 32) {
        Tensor batch = executor.run(source.batch(from, Math.min(32, SAMPLES - from))).get(output);
        float[] some = batch.floats();
        float[] longer = Arrays.copyOf(all, all.length + some.length);
        System.arraycopy(some, 0, longer, all.length, some.length);
        all = longer;
      }
    }
    return all;
  }

  private static Path folder(String property, String path) {
    String root = System.getProperty(property);
    assumeTrue(root != null, property + " is not set");
    Path folder = Path.of(root, path);
    assumeTrue(Files.isDirectory(folder), folder + " is absent");
    return folder;
  }

  /** Reads an array of little-endian float32 in C order (NPY version 1). */
  private static float[] npyFloats(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int header = bytes.getShort(8);
    String text = new String(bytes.array(), 10, header, StandardCharsets.US_ASCII);
    assertTrue(text.contains("'<f4'") && text.contains("'fortran_order': False"), text);
    float[] values = new float[(bytes.capacity() - 10 - header) / Float.BYTES];
    bytes.position(10 + header).slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }
}
