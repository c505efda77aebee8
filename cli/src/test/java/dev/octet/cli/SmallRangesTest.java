package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.Finding;
import dev.octet.backend.cpu.CpuProvider;
import dev.octet.backend.onnxruntime.OnnxRuntimeProvider;
import dev.octet.backend.x86.X86Provider;
import dev.octet.backend.xnnpack.XnnpackProvider;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.convert.QuantizedModel;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.evaluate.Evaluation;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.run.NamedRuntime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Values far below 1 are quantized as others are, as far as the scales of a backend reach. */
class SmallRangesTest {

  private static final Execution ALONE = Execution.threads(1);
  private static final int CHANNELS = 3;
  private static final int FILTERS = 8;
  private static final int SIDE = 5;

  private static float[] random(Random random, int count, float scale) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian() * scale;
    }
    return values;
  }

  private static ValueInfo images(String name, long channels, long side) {
    return ValueInfo.of(name, TensorType.of(DataType.FLOAT, Shape.of(1, channels, side, side)));
  }

  /** A convolution and a Relu, with a bias of the size of its products. */
  private static Model model(float weight, float[] bias) {
    float[] weights = random(new Random(1), FILTERS * CHANNELS * 9, weight);
    Graph graph =
        new Graph(
            "g",
            List.of(images("x", CHANNELS, SIDE)),
            List.of(images("y", FILTERS, SIDE - 2)),
            Map.of(
                "w",
                Tensor.of(weights, FILTERS, CHANNELS, 3, 3),
                "b",
                Tensor.of(bias, bias.length)),
            List.of(
                Node.of("conv", OpType.onnx("Conv"), List.of("x", "w", "b"), List.of("t")),
                Node.of("relu", OpType.onnx("Relu"), List.of("t"), List.of("y"))),
            Map.of(),
            Optional.empty());
    return Model.of(graph, 17);
  }

  private static float[][] samples(float scale) {
    Random random = new Random(2);
    float[][] samples = new float[6][];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = random(random, CHANNELS * SIDE * SIDE, scale);
    }
    return samples;
  }

  private static DataSource data(Model model, float scale) {
    return DataSource.of(model.graph(), new long[] {CHANNELS, SIDE, SIDE}, samples(scale));
  }

  private static QuantizedModel quantized(Model model, QuantizerProvider backend, DataSource data) {
    Plan plan = Quantization.plan(QuantizationRequest.of(model, backend));
    return Quantization.convert(plan, Quantization.calibrate(plan, data, ALONE));
  }

  private static double decibels(
      Model model, QuantizedModel quantized, QuantizerProvider backend, DataSource data) {
    NamedRuntime runtime = NamedRuntime.of(backend.name(), backend.runtime().orElseThrow());
    return Evaluation.of(runtime, quantized.model(), model, data, ALONE).sqnrDb().orElseThrow();
  }

  private static List<String> ids(QuantizedModel model) {
    return model.report().findings().stream().map(Finding::id).toList();
  }

  @Test
  void cpuAndOnnxRuntimeTakeActivationsOfAnySize() {
    for (QuantizerProvider backend : List.of(new CpuProvider(), new OnnxRuntimeProvider())) {
      for (float scale : new float[] {1e-4f, 1e-7f, 1e-10f, 1e-14f}) {
        Model model = model(0.2f, random(new Random(3), FILTERS, 0.3f * scale));
        DataSource data = data(model, scale);
        QuantizedModel quantized = quantized(model, backend, data);
        assertTrue(
            List.of("OCT-CONV-104").containsAll(ids(quantized)), () -> ids(quantized).toString());
        double sqnr = decibels(model, quantized, backend, data);
        assertTrue(sqnr > 35, backend.name() + " at " + scale + ": " + sqnr);
      }
    }
  }

  @Test
  void cpuTakesWeightsOfAnySize() {
    Model model = model(1e-9f, random(new Random(3), FILTERS, 1e-9f));
    DataSource data = data(model, 1);
    QuantizedModel quantized = quantized(model, new CpuProvider(), data);
    assertTrue(decibels(model, quantized, new CpuProvider(), data) > 35);
  }

  /** The bias is all that there is: it keeps its 31 bits, and nothing is worth a word. */
  @Test
  void aChannelOfZerosKeepsItsBias() {
    float[] bias = {0.1f, -0.2f, 0.3f, 0.05f, 0.7f, -0.1f, 0, 0.4f};
    float[][] pairs = {{0, 0.2f}, {1e-18f, 0.2f}, {1, 0}, {1, 1e-30f}};
    for (float[] pair : pairs) {
      Model model = model(pair[1], bias);
      DataSource data = data(model, pair[0]);
      QuantizedModel quantized = quantized(model, new CpuProvider(), data);
      String which = pair[0] + " by " + pair[1];
      assertTrue(!ids(quantized).contains("OCT-CONV-101"), which);
      double sqnr = decibels(model, quantized, new CpuProvider(), data);
      assertTrue(sqnr > 45, which + ": " + sqnr);
    }
  }

  @Test
  void aBackendWithALargeLeastScaleSaysWhichRangesAreBelowIt() {
    for (QuantizerProvider backend : List.of(new XnnpackProvider(), new X86Provider())) {
      Model model = model(0.2f, random(new Random(3), FILTERS, 3e-5f));
      Finding finding =
          quantized(model, backend, data(model, 1e-4f)).report().findings().stream()
              .filter(each -> each.id().equals("OCT-CONV-108"))
              .findFirst()
              .orElseThrow();
      assertEquals(Finding.Severity.WARNING, finding.severity());
      String message = finding.message();
      assertTrue(message.contains(" less than a quarter of their steps"), message);
      assertTrue(message.contains(": 'x' from -"), message);
      assertTrue(message.contains("(the least scale is 2.4414062E-4)"), message);
      DataSource usual = data(model, 1);
      List<String> ids = ids(quantized(model(0.2f, new float[FILTERS]), backend, usual));
      assertTrue(!ids.contains("OCT-CONV-108"), ids.toString());
    }
  }
}
