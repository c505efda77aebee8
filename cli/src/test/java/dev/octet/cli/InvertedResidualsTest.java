package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.backend.cpu.CpuProvider;
import dev.octet.backend.onnxruntime.OnnxRuntimeProvider;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.convert.QuantizedModel;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.evaluate.Evaluation;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.run.NamedRuntime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A network of inverted residuals, as MobileNetV2 is one: each block expands its channels,
 * convolves them one by one, and projects them, with channels of very different size.
 */
class InvertedResidualsTest {

  private static final Execution ALONE = Execution.threads(1);
  private static final long[] SAMPLE = {8, 10, 10};
  private static final int CHANNELS = 8;
  private static final int EXPANDED = 48;
  private static final int BLOCKS = 6;

  private final Random random = new Random(11);
  private final Map<String, Tensor> constants = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();

  private String conv(String name, String x, int outputs, int inputs, int kernel, int groups) {
    float[] weights = new float[outputs * inputs * kernel * kernel];
    int each = weights.length / outputs;
    float usual = (float) Math.sqrt(1.5 / each);
    for (int channel = 0; channel < outputs; channel++) {
      float spread = usual * (float) Math.exp(0.6 * random.nextGaussian());
      for (int i = 0; i < each; i++) {
        weights[channel * each + i] = spread * (float) random.nextGaussian();
      }
    }
    constants.put(name + "_w", Tensor.of(weights, outputs, inputs, kernel, kernel));
    long pad = kernel / 2;
    nodes.add(
        Node.of(
            name,
            OpType.onnx("Conv"),
            List.of(x, name + "_w"),
            List.of(name + "_y"),
            Attribute.of("group", (long) groups),
            Attribute.of("pads", List.of(pad, pad, pad, pad))));
    return name + "_y";
  }

  private String clip(String x) {
    nodes.add(
        Node.of(x + "_clip", OpType.onnx("Clip"), List.of(x, "zero", "six"), List.of(x + "_c")));
    return x + "_c";
  }

  private String block(int number, String x) {
    String expanded = clip(conv("expand" + number, x, EXPANDED, CHANNELS, 1, 1));
    String filtered = clip(conv("filter" + number, expanded, EXPANDED, 1, 3, EXPANDED));
    String projected = conv("project" + number, filtered, CHANNELS, EXPANDED, 1, 1);
    nodes.add(
        Node.of("add" + number, OpType.onnx("Add"), List.of(x, projected), List.of("b" + number)));
    return "b" + number;
  }

  private Model model() {
    constants.put("zero", Tensor.of(new float[] {0}));
    constants.put("six", Tensor.of(new float[] {6}));
    String last = "x";
    for (int block = 0; block < BLOCKS; block++) {
      last = block(block, last);
    }
    String top = conv("top", last, 32, CHANNELS, 1, 1);
    nodes.add(Node.of("pool", OpType.onnx("GlobalAveragePool"), List.of(top), List.of("y")));
    return Model.of(
        new Graph(
            "inverted",
            List.of(
                ValueInfo.of("x", TensorType.of(DataType.FLOAT, Shape.of(1, CHANNELS, 10, 10)))),
            List.of(ValueInfo.of("y", TensorType.of(DataType.FLOAT, Shape.of(1, 32, 1, 1)))),
            constants,
            nodes,
            Map.of(),
            Optional.empty()),
        17);
  }

  private static DataSource data(Model model, int seed) {
    Random random = new Random(seed);
    float[][] samples = new float[16][(int) (SAMPLE[0] * SAMPLE[1] * SAMPLE[2])];
    for (float[] sample : samples) {
      for (int i = 0; i < sample.length; i++) {
        sample[i] = (float) random.nextGaussian();
      }
    }
    return DataSource.of(model.graph(), SAMPLE, samples);
  }

  /** Octet's kernels are exact, and so is ONNX Runtime where no pair of products saturates. */
  private static double decibels(Model model, QuantizerProvider backend, Options options) {
    Plan plan = Quantization.plan(QuantizationRequest.of(model, backend).options(options));
    QuantizedModel quantized =
        Quantization.convert(plan, Quantization.calibrate(plan, data(model, 1), ALONE));
    assertEquals(
        backend.name().equals("cpu"),
        !new OnnxRuntimeProvider().checkConverted(quantized.model()).isEmpty());
    NamedRuntime cpu = NamedRuntime.of("cpu", new CpuProvider().runtime().orElseThrow());
    return Evaluation.of(cpu, quantized.model(), model, data(model, 2), ALONE)
        .sqnrDb()
        .orElseThrow();
  }

  @Test
  void keepWithOnnxRuntimeWhatTheyHaveOnCpuWithinThreeDecibels() {
    Model model = model();
    double cpu = decibels(model, new CpuProvider(), Options.none());
    double usual = decibels(model, new OnnxRuntimeProvider(), Options.none());
    double seven = decibels(model, new OnnxRuntimeProvider(), Options.of("weights", "int7"));
    double unsigned = decibels(model, new OnnxRuntimeProvider(), Options.of("weights", "uint8"));
    String all =
        String.format(
            Locale.ROOT,
            "cpu %.1f dB, int8 %.1f, int7 %.1f, uint8 %.1f",
            cpu,
            usual,
            seven,
            unsigned);
    assertTrue(usual > cpu - 3, all);
    assertTrue(usual > seven + 2, all);
    assertTrue(unsigned > cpu - 0.5, all);
  }
}
