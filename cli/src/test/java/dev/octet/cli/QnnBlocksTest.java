package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.option.Options;
import dev.octet.backend.qnn.QnnProvider;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.plan.Plan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Low-power block quantization of {@code qnn}, with the numbers of the file computed by hand. */
class QnnBlocksTest {

  private static final int DEPTH = 32;
  private static final int BLOCK = 16;

  /** Of channel 0: 1 and .15 / (1 / 16) = 2.4, to nearest 2 sixteenths. Of channel 1: 2 and 2. */
  private static final float[][] SCALES = {{1f, 0.125f}, {2f, 2f}};

  /** Largest weights of the blocks: 7 steps of the scale that each asks for. */
  private static final float[][] LARGEST = {{7f, 1.05f}, {14f, -14f}};

  /** Weights of an output channel at an input channel. */
  private static float weight(int output, int input) {
    float largest = LARGEST[output][input / BLOCK];
    return input % BLOCK == 0 ? largest : largest * (input % 7 - 3) / 8;
  }

  /** To the nearest step; 1.05 / .125 = 8.4 is cut at 7, since rounding down took the range. */
  private static long integer(int output, int input) {
    double steps = Math.rint(weight(output, input) / SCALES[output][input / BLOCK]);
    return (long) Math.max(-7, Math.min(7, steps));
  }

  private static Model floats(boolean convolution) {
    float[] weights = new float[2 * DEPTH];
    for (int output = 0; output < 2; output++) {
      for (int input = 0; input < DEPTH; input++) {
        weights[convolution ? output * DEPTH + input : input * 2 + output] = weight(output, input);
      }
    }
    return CommandFixture.model(
        List.of(
            Node.of(
                "layer",
                OpType.onnx(convolution ? "Conv" : "MatMul"),
                List.of("x", "w"),
                List.of("y"))),
        Map.of(
            "w", convolution ? Tensor.of(weights, 2, DEPTH, 1, 1) : Tensor.of(weights, DEPTH, 2)),
        13,
        convolution
            ? CommandFixture.value("x", 1, DEPTH, 1, 2)
            : CommandFixture.value("x", 2, DEPTH),
        convolution ? CommandFixture.value("y", 1, 2, 1, 2) : CommandFixture.value("y", 2, 2));
  }

  private static Map<String, Tensor> sample(boolean convolution) {
    float[] x = new float[2 * DEPTH];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i * 5 % 11 - 5) / 4f;
    }
    return Map.of("x", convolution ? Tensor.of(x, 1, DEPTH, 1, 2) : Tensor.of(x, 2, DEPTH));
  }

  private static Model quantized(boolean convolution) {
    OnnxFormat onnx = new OnnxFormat();
    Model floats = onnx.read(onnx.toBytes(floats(convolution)), "float.onnx");
    Plan plan =
        Quantization.plan(
            QuantizationRequest.of(floats, new QnnProvider())
                .options(
                    Options.of("activation-bits", "16", "weight-bits", "4", "block-size", "16")));
    DataSource data = DataSource.of(plan.prepared().model().graph(), sample(convolution));
    Model converted =
        Quantization.convert(plan, Quantization.calibrate(plan, data, Execution.threads(1)))
            .model();
    return onnx.read(onnx.toBytes(converted), "blocks.onnx");
  }

  private static Tensor stored(Model model, String name) {
    return model.graph().initializers().get(name);
  }

  /**
   * Within a step of the result of what exact integers give, on both runtimes. What leaves the
   * range that the float product had saturates.
   */
  private static void requireProducts(Model model, boolean convolution) {
    float[] x = sample(convolution).get("x").floats();
    float step = stored(model, "y_scale").floats()[0];
    long zeroPoint = stored(model, "y_zero_point").integers()[0];
    double low = -zeroPoint * (double) step;
    double high = (65_535 - zeroPoint) * (double) step;
    float[] onCpu = VendorRun.run(model, "cpu", sample(convolution));
    float[] onOnnxRuntime = VendorRun.run(model, "onnxruntime", sample(convolution));
    for (int row = 0; row < 2; row++) {
      for (int output = 0; output < 2; output++) {
        double exact = 0;
        for (int input = 0; input < DEPTH; input++) {
          float scale = SCALES[output][input / BLOCK];
          exact +=
              x[convolution ? input * 2 + row : row * DEPTH + input]
                  * integer(output, input)
                  * scale;
        }
        int at = convolution ? output * 2 + row : row * 2 + output;
        // Steps of the input, 2^-16 of its range, add up over 32 terms of at most 14.
        double saturated = Math.max(low, Math.min(high, exact));
        assertEquals(saturated, onCpu[at], 0.02 + step, "cpu " + at);
        assertEquals(onCpu[at], onOnnxRuntime[at], 1.01 * step, "onnxruntime " + at);
      }
    }
  }

  @Test
  void aProductHasBlocksAlongItsDepth() {
    Model model = quantized(false);
    assertArrayEquals(new long[] {2, 2}, stored(model, "w_scale").sizes());
    assertArrayEquals(new float[] {1f, 2f, 0.125f, 2f}, stored(model, "w_scale").floats());
    long[] integers = stored(model, "w_quantized").integers();
    for (int i = 0; i < integers.length; i++) {
      assertEquals(integer(i % 2, i / 2), integers[i], "weight " + i);
    }
    requireProducts(model, false);
  }

  @Test
  void aConvolutionOfKernel1HasBlocksAlongItsInputChannels() {
    Model model = quantized(true);
    assertArrayEquals(new long[] {2, 2, 1, 1}, stored(model, "w_scale").sizes());
    assertArrayEquals(new float[] {1f, 0.125f, 2f, 2f}, stored(model, "w_scale").floats());
    long[] integers = stored(model, "w_quantized").integers();
    for (int i = 0; i < integers.length; i++) {
      assertEquals(integer(i / DEPTH, i % DEPTH), integers[i], "weight " + i);
    }
    requireProducts(model, true);
  }

  /**
   * Both levels in the file: small integers, dequantized by the scales of the channels, are the
   * scales of the weight. The numbers are those of the products on both runtimes.
   */
  @Test
  void bothLevelsInAFileGiveTheNumbersOfTheirProducts() {
    Model products = quantized(false);
    Map<String, Tensor> constants = new LinkedHashMap<>(products.graph().initializers());
    constants.remove("w_scale");
    constants.put("factors", Tensor.ofIntegers(DataType.UINT8, new long[] {16, 16, 2, 16}, 2, 2));
    constants.put("channels", Tensor.of(new float[] {1f / 16, 2f / 16}, 2));
    List<Node> nodes = new ArrayList<>();
    nodes.add(
        Node.of(
            "scales",
            OpType.onnx("DequantizeLinear"),
            List.of("factors", "channels"),
            List.of("w_scale"),
            Attribute.of("axis", 1L)));
    nodes.addAll(products.graph().nodes());
    Graph graph = products.graph();
    Model levels =
        products.withGraph(
            new Graph(
                graph.name(),
                graph.inputs(),
                graph.outputs(),
                constants,
                nodes,
                graph.values(),
                graph.origin()));
    OnnxFormat onnx = new OnnxFormat();
    Model read = onnx.read(onnx.toBytes(levels), "levels.onnx");
    for (String runtime : List.of("cpu", "onnxruntime")) {
      assertArrayEquals(
          VendorRun.run(products, runtime, sample(false)),
          VendorRun.run(read, runtime, sample(false)),
          runtime);
    }
  }
}
