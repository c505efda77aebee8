package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.policy.Policy;
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
import dev.octet.api.qdq.QdqGraph;
import dev.octet.api.quantizer.Finding;
import dev.octet.backend.onnxruntime.OnnxRuntimeProvider;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.convert.QuantizedModel;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.plan.Plan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Holds what the backend {@code onnxruntime} makes of weights against the instruction that adds two
 * products of uint8 and int8 in 16 bits, with saturation, over the order in which ONNX Runtime's
 * kernels take the weights of a channel, gathered here by counting through it.
 */
class SixteenBitPairsTest {

  private static final Execution ALONE = Execution.threads(1);

  /**
   * A layer.
   *
   * @param node the node, which reads x and w
   * @param x the sizes of a sample
   * @param w the sizes of the weight
   */
  private record Layer(Node node, long[] x, long[] w) {

    static Layer conv(int outputs, int inputs, int kernel, int groups) {
      Node node =
          node("Conv")
              .withAttribute(Attribute.of("group", (long) groups))
              .withAttribute(Attribute.of("kernel_shape", List.of((long) kernel, (long) kernel)));
      return new Layer(
          node,
          new long[] {(long) inputs * groups, kernel, kernel},
          new long[] {outputs, inputs, kernel, kernel});
    }

    static Layer gemm(int depth, int columns, boolean transposed) {
      Node node = node("Gemm").withAttribute(Attribute.of("transB", transposed ? 1L : 0L));
      long[] sizes = transposed ? new long[] {columns, depth} : new long[] {depth, columns};
      return new Layer(node, new long[] {depth}, sizes);
    }

    static Layer matMul(int depth, int columns) {
      return new Layer(node("MatMul"), new long[] {depth}, new long[] {depth, columns});
    }

    private static Node node(String op) {
      return Node.of("layer", OpType.onnx(op), List.of("x", "w"), List.of("y"));
    }

    boolean isDepthwise() {
      return node.op().is("Conv") && w[1] == 1 && node.intAttribute("group", 1) == w[0];
    }

    /** Returns the weights of every output channel in the order of the kernels. */
    List<byte[]> ordered(byte[] weights) {
      List<byte[]> channels = new ArrayList<>();
      boolean last = !node.op().is("Conv") && node.intAttribute("transB", 0) == 0;
      int outputs = (int) (last ? w[1] : w[0]);
      for (int channel = 0; channel < outputs; channel++) {
        channels.add(last ? column(weights, channel, outputs) : row(weights, channel, outputs));
      }
      return channels;
    }

    private static byte[] column(byte[] weights, int column, int columns) {
      byte[] found = new byte[weights.length / columns];
      for (int k = 0; k < found.length; k++) {
        found[k] = weights[k * columns + column];
      }
      return found;
    }

    /** Of a convolution position by position, and at each one input channel by input channel. */
    private byte[] row(byte[] weights, int channel, int channels) {
      int depth = weights.length / channels;
      int inputs = w.length > 2 ? (int) w[1] : depth;
      int positions = depth / inputs;
      byte[] found = new byte[depth];
      int k = 0;
      for (int position = 0; position < positions; position++) {
        for (int input = 0; input < inputs; input++) {
          found[k++] = weights[channel * depth + input * positions + position];
        }
      }
      return found;
    }
  }

  private static final List<Layer> LAYERS =
      List.of(
          Layer.conv(16, 4, 3, 1),
          Layer.conv(16, 8, 1, 1),
          Layer.conv(17, 3, 3, 1),
          Layer.conv(5, 1, 3, 1),
          Layer.conv(6, 1, 3, 3),
          Layer.conv(8, 5, 2, 2),
          Layer.conv(16, 1, 3, 16),
          Layer.conv(1, 1, 3, 1),
          Layer.gemm(63, 33, false),
          Layer.gemm(64, 10, true),
          Layer.gemm(1, 3, false),
          Layer.matMul(65, 16),
          Layer.matMul(2, 1));

  /** Weights of every kind of spread: even ones, few large ones, ties, equal ones, and zeros. */
  private static float[] weights(Random random, int count) {
    float[] weights = new float[count];
    int kind = random.nextInt(6);
    for (int i = 0; i < count; i++) {
      weights[i] =
          switch (kind) {
            case 0 -> (float) random.nextGaussian();
            case 1 -> (float) Math.pow(random.nextGaussian(), 5);
            case 2 -> 1e-3f * (random.nextInt(257) - 128) / 2;
            case 3 -> 0.7f;
            case 4 -> random.nextInt(4) == 0 ? Math.scalb(1f, random.nextInt(60) - 50) : 0;
            default -> random.nextFloat() + 1;
          };
    }
    return weights;
  }

  private static Model model(Layer layer, float[] weights) {
    long[] x = new long[layer.x.length + 1];
    x[0] = 1;
    System.arraycopy(layer.x, 0, x, 1, layer.x.length);
    TensorType result = new TensorType(DataType.FLOAT, Optional.empty());
    return Model.of(
        new Graph(
            "g",
            List.of(ValueInfo.of("x", TensorType.of(DataType.FLOAT, Shape.of(x)))),
            List.of(ValueInfo.of("y", result)),
            Map.of("w", Tensor.of(weights, layer.w)),
            List.of(layer.node),
            Map.of(),
            Optional.empty()),
        17);
  }

  private static int product(long[] sizes) {
    return (int) Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
  }

  private static QuantizedModel quantized(Model model, Options options, long... sample) {
    return quantized(
        QuantizationRequest.of(model, new OnnxRuntimeProvider()).options(options), sample);
  }

  private static QuantizedModel quantized(QuantizationRequest request, long... sample) {
    float[][] samples = new float[2][product(sample)];
    Arrays.fill(samples[0], -1);
    Arrays.fill(samples[1], 2);
    Plan plan = Quantization.plan(request);
    DataSource data = DataSource.of(request.model().graph(), sample, samples);
    return Quantization.convert(plan, Quantization.calibrate(plan, data, ALONE));
  }

  private static Tensor integers(QuantizedModel model) {
    return integers(model, "layer");
  }

  private static Tensor integers(QuantizedModel model, String layer) {
    QdqGraph graph = new QdqGraph(model.model().graph());
    Node node = graph.graph().node(layer).orElseThrow();
    return graph.constant(graph.operand(node, 1).orElseThrow().value()).orElseThrow();
  }

  /** Adds two products as the instruction vpmaddubsw does. */
  private static int inSixteenBits(int a, int v, int b, int w) {
    return Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, a * v + b * w));
  }

  /** The sum is linear in each activation: what the corners do not saturate, nothing does. */
  private static boolean isExact(int v, int w) {
    for (int a = 0; a <= 255; a += 255) {
      for (int b = 0; b <= 255; b += 255) {
        if (inSixteenBits(a, v, b, w) != a * v + b * w) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean isExact(byte[] channel) {
    for (int k = 0; k + 1 < channel.length; k += 2) {
      if (!isExact(channel[k], channel[k + 1])) {
        return false;
      }
    }
    return true;
  }

  @Test
  void noPairOfProductsLeavesSixteenBits() {
    for (int seed = 0; seed < 4 * LAYERS.size(); seed++) {
      Layer layer = LAYERS.get(seed % LAYERS.size());
      float[] weights = weights(new Random(seed), product(layer.w));
      Tensor integers = integers(quantized(model(layer, weights), Options.none(), layer.x));
      assertEquals(DataType.INT8, integers.dataType());
      if (!layer.isDepthwise()) {
        for (byte[] channel : layer.ordered(integers.bytes())) {
          assertTrue(
              isExact(channel), layer + " of seed " + seed + ": " + Arrays.toString(channel));
        }
      }
    }
  }

  /** 1.5 and 0.5 have one sign and are a pair; 1 and -1 are one, too, and take from each other. */
  @Test
  void aChannelHasAsManyStepsAsItsPairsLeaveIt() {
    Model model = model(Layer.gemm(2, 3, true), new float[] {1.5f, 0.5f, 1, -1, 1, 1});
    Tensor integers = integers(quantized(model, Options.none(), 2));
    assertEquals("[96, 32, 127, -127, 64, 64]", Arrays.toString(integers.bytes()));
  }

  /** Neighbours of a channel of one input channel are positions; of more, input channels. */
  @Test
  void neighboursAreThoseOfTheKernel() {
    float[] weights = {1, 0, 1, 0, 0, 1, 0, 1};
    Tensor apart =
        integers(quantized(model(Layer.conv(1, 2, 2, 1), weights), Options.none(), 2, 2, 2));
    assertEquals("[127, 0, 127, 0, 0, 127, 0, 127]", Arrays.toString(apart.bytes()));
    float[] beside = {1, 0, 0, 0, 1, 0, 0, 0};
    Tensor halved =
        integers(quantized(model(Layer.conv(1, 2, 2, 1), beside), Options.none(), 2, 2, 2));
    assertEquals("[64, 0, 0, 0, 64, 0, 0, 0]", Arrays.toString(halved.bytes()));
  }

  @Test
  void aDepthwiseConvolutionKeepsEightBits() {
    float[] weights = new float[9 * 16];
    Arrays.fill(weights, 1);
    Model model = model(Layer.conv(16, 1, 3, 16), weights);
    byte[] integers = integers(quantized(model, Options.none(), 16, 3, 3)).bytes();
    for (byte integer : integers) {
      assertEquals(127, integer);
    }
  }

  @Test
  void sevenBitsFitWhateverTheNeighboursAre() {
    Model model = model(Layer.gemm(2, 2, true), new float[] {1, 1, 1, -0.5f});
    Tensor integers = integers(quantized(model, Options.of("weights", "int7"), 2));
    assertEquals("[64, 64, 64, -32]", Arrays.toString(integers.bytes()));
  }

  @Test
  void unsignedWeightsLieAround128WithEightBits() {
    Model model = model(Layer.gemm(2, 2, true), new float[] {1, 1, -0.5f, 1});
    Tensor integers = integers(quantized(model, Options.of("weights", "uint8"), 2));
    assertEquals(DataType.UINT8, integers.dataType());
    assertEquals("[255, 255, 64, 255]", Arrays.toString(integers.integers()));
  }

  /** Products one after the other, of which each has a pair that needs room. */
  private static Model chain(int layers) {
    Map<String, Tensor> constants = new LinkedHashMap<>();
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      constants.put("w" + i, Tensor.of(new float[] {1, 1, 0.5f, -1}, 2, 2));
      nodes.add(
          Node.of(
              "layer" + i,
              OpType.onnx("MatMul"),
              List.of(i == 0 ? "x" : "t" + i, "w" + i),
              List.of(i == layers - 1 ? "y" : "t" + (i + 1))));
    }
    TensorType type = TensorType.of(DataType.FLOAT, Shape.of(1, 2));
    return Model.of(
        new Graph(
            "chain",
            List.of(ValueInfo.of("x", type)),
            List.of(ValueInfo.of("y", type)),
            constants,
            nodes,
            Map.of(),
            Optional.empty()),
        17);
  }

  /** A report of many layers has one line for what their neighbours cost. */
  @Test
  void manyAdjustedLayersAreOneFinding() {
    List<Finding> findings = quantized(chain(5), Options.none(), 2).report().findings();
    assertEquals(1, findings.size(), findings.toString());
    assertEquals("OCT-CONV-104", findings.get(0).id());
    String message = findings.get(0).message();
    assertTrue(
        message.startsWith(
            "Adjusted by backend 'onnxruntime': 5 groups, of which operand 1 of 'layer0' has"
                + " scale"),
        message);
  }

  @Test
  void fewLayersThatNeedEightBitsHaveThem() {
    Policy policy = Policy.builder().node("layer1", Options.of("weights", "uint8")).build();
    QuantizedModel model =
        quantized(QuantizationRequest.of(chain(3), new OnnxRuntimeProvider()).policy(policy), 2);
    assertEquals("[85, 127, 43, -127]", stored(model, 0));
    assertEquals("[255, 255, 192, 1]", stored(model, 1));
    assertEquals(stored(model, 0), stored(model, 2));
    assertEquals(List.of(), new OnnxRuntimeProvider().checkConverted(model.model()));
  }

  private static String stored(QuantizedModel model, int layer) {
    return Arrays.toString(integers(model, "layer" + layer).integers());
  }
}
