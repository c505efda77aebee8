package dev.octet.benchmarks;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.kernels.execute.ReferenceRuntime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * One-node models of the integer kernels, ready to run on one thread. Loaded by {@link KernelRatio}
 * once for each build of Octet; what it hands out are types of the JDK only.
 */
public final class KernelCases {

  private static final long SEED = 20_240_229;

  private KernelCases() {}

  /**
   * Returns the cases: for each name a loader of the model, which gives one run; what a run returns
   * is its result as a list of bytes, floats and ints in order.
   */
  public static Map<String, Supplier<Supplier<Object>>> all() {
    Map<String, Supplier<Supplier<Object>>> cases = new LinkedHashMap<>();
    cases.put("QLinearConv 64x64x3x3 on 56x56", () -> conv(64, 64, 3, 56, 1, 1, 0));
    cases.put("QLinearConv 64x64x1x1 on 56x56", () -> conv(64, 64, 1, 56, 1, 1, 0));
    cases.put("QLinearConv 256x256x3x3 on 14x14", () -> conv(256, 256, 3, 14, 1, 1, 0));
    cases.put("QLinearConv 32x3x3x3 stride 2 on 112x112", () -> conv(3, 32, 3, 112, 2, 1, 0));
    cases.put("depthwise 144x3x3 on 56x56", () -> conv(144, 144, 3, 56, 1, 144, 0));
    cases.put("depthwise 144x3x3 stride 2 on 56x56", () -> conv(144, 144, 3, 56, 2, 144, 0));
    cases.put(
        "QLinearConv 64x64x3x3 on 56x56, sums beyond 2^24", () -> conv(64, 64, 3, 56, 1, 1, 90));
    cases.put("QLinearMatMul 128x2048x2048", () -> matMul(128, 2048, 2048));
    cases.put("QLinearMatMul 16x512x512", () -> matMul(16, 512, 512));
    cases.put("QLinearMatMul 1x2048x2048", () -> matMul(1, 2048, 2048));
    cases.put("QLinearMatMul 1x2048x2048, two shapes in turn", () -> inTurn(1, 2048, 2048));
    cases.put("QLinearMatMul 4x2048x2048, two shapes in turn", () -> inTurn(4, 2048, 2048));
    cases.put("16 bits, QLinearConv 64x64x3x3 on 56x56", () -> wideConv(64, 64, 3, 56));
    cases.put("16 bits, QLinearConv 64x64x1x1 on 56x56", () -> wideConv(64, 64, 1, 56));
    cases.put("QLinearMatMul 4x2048x2048", () -> matMul(4, 2048, 2048));
    cases.put("16 bits, QLinearMatMul 128x2048x2048", () -> wideMatMul(128, DataType.INT8));
    cases.put("16 bits, QLinearMatMul 1x2048x2048", () -> wideMatMul(1, DataType.INT8));
    cases.put("16 bits, QLinearMatMul 4x2048x2048", () -> wideMatMul(4, DataType.INT8));
    cases.put("16 by 16 bits, QLinearMatMul 1x2048x2048", () -> wideMatMul(1, DataType.INT16));
    cases.put("16 by 16 bits, QLinearMatMul 4x2048x2048", () -> wideMatMul(4, DataType.INT16));
    cases.put("QuantizeLinear 2^20", () -> quantize(1));
    cases.put("QuantizeLinear 2^20 per channel", () -> quantize(64));
    cases.put("DequantizeLinear 2^20", () -> dequantize(1));
    cases.put("DequantizeLinear 2^20 per channel", () -> dequantize(64));
    cases.put("QLinearAdd 2^20", () -> binary("QLinearAdd"));
    cases.put("QLinearMul 2^20", () -> binary("QLinearMul"));
    cases.put("QLinearGlobalAveragePool 64x56x56", KernelCases::mean);
    cases.put("QLinearAveragePool 64x56x56", KernelCases::averagePool);
    cases.put("QLinearSoftmax 1024x256", KernelCases::softmax);
    return cases;
  }

  /** Returns the loader of an ONNX file, which runs on random inputs with a batch of one. */
  public static Supplier<Supplier<Object>> ofFile(Path file) {
    return () -> {
      Model model = AcrossBuilds.read(file);
      Random random = new Random(SEED);
      Map<String, Tensor> inputs = new LinkedHashMap<>();
      for (ValueInfo input : model.graph().inputs()) {
        TensorType type = (TensorType) input.type();
        long[] sizes =
            type.shape().orElseThrow().dimensions().stream()
                .mapToLong(d -> d instanceof Dimension.Known known ? known.size() : 1)
                .toArray();
        float[] elements = new float[(int) LongStream.of(sizes).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < elements.length; i++) {
          elements[i] = (float) random.nextGaussian();
        }
        inputs.put(input.name(), Tensor.of(elements, sizes));
      }
      return load(model, inputs);
    };
  }

  private static Supplier<Object> conv(
      int in, int out, int kernel, int size, int stride, int group, int least) {
    Random random = new Random(SEED);
    long pad = kernel / 2;
    Case node = new Case(OpType.onnx("QLinearConv"));
    node.input(bytes(random, DataType.INT8, 1, in, size, size));
    node.quantized(0.02f, DataType.INT8, 3);
    byte[] weights = new byte[out * (in / group) * kernel * kernel];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (byte) (least + random.nextInt(128 - least));
      weights[i] *= random.nextBoolean() ? (byte) 1 : (byte) -1;
      weights[i] = least == 0 ? (byte) (weights[i] / 3) : (byte) Math.abs(weights[i]);
    }
    node.constant(Tensor.of(DataType.INT8, weights, out, in / group, kernel, kernel));
    float[] scales = new float[out];
    for (int i = 0; i < out; i++) {
      scales[i] = 0.001f * (1 + random.nextFloat());
    }
    node.constant(Tensor.of(scales, out));
    node.constant(Tensor.ofIntegers(DataType.INT8, new long[out], out));
    node.quantized(0.05f * (least + 1), DataType.INT8, -7);
    int[] bias = random.ints(out, -5000, 5000).toArray();
    node.constant(Tensor.of(bias, out));
    return node.with(Attribute.of("group", (long) group))
        .with(Attribute.of("strides", List.of((long) stride, (long) stride)))
        .with(Attribute.of("pads", List.of(pad, pad, pad, pad)))
        .load();
  }

  /** Activations of 16 bits and weights of 8, as of {@code arm}. */
  private static Supplier<Object> wideConv(int in, int out, int kernel, int size) {
    Random random = new Random(SEED);
    long pad = kernel / 2;
    Case node = new Case(OpType.onnx("QLinearConv"));
    node.input(shorts(random, 1, in, size, size)).quantized(0.0001f, DataType.INT16, 0);
    node.constant(bytes(random, DataType.INT8, out, in, kernel, kernel));
    node.quantized(0.001f, DataType.INT8, 0).quantized(0.005f, DataType.INT16, 0);
    return node.with(Attribute.of("pads", List.of(pad, pad, pad, pad))).load();
  }

  private static Supplier<Object> wideMatMul(int rows, DataType right) {
    long size = 2048;
    Random random = new Random(SEED + 1);
    return new Case(OpType.onnx("QLinearMatMul"))
        .input(shorts(new Random(SEED), rows, size))
        .quantized(0.0001f, DataType.INT16, 0)
        .constant(
            right == DataType.INT16 ? shorts(random, size, size) : bytes(random, right, size, size))
        .quantized(0.01f, right, 0)
        .quantized(right == DataType.INT16 ? 5f : 0.02f, DataType.INT16, 0)
        .load();
  }

  private static Tensor shorts(Random random, long... sizes) {
    long count = LongStream.of(sizes).reduce(1, (a, b) -> a * b);
    return Tensor.ofIntegers(DataType.INT16, random.longs(count, -32_768, 32_768).toArray(), sizes);
  }

  private static Supplier<Object> matMul(int rows, int depth, int columns) {
    return product(bytes(new Random(SEED), DataType.INT8, rows, depth), columns).load();
  }

  /** The same product again and again, of a matrix and of a stack of one matrix in turn. */
  private static Supplier<Object> inTurn(int rows, int depth, int columns) {
    Tensor matrix = bytes(new Random(SEED), DataType.INT8, rows, depth);
    ExecutableModel executable = executable(product(matrix, columns).ofAnyShape().model());
    List<Tensor> inputs = List.of(matrix, matrix.reshaped(1, rows, depth));
    int[] next = new int[1];
    return () -> plain(executable.run(Map.of("v0", inputs.get(next[0]++ % 2))));
  }

  private static Case product(Tensor left, int columns) {
    long depth = left.sizes()[1];
    return new Case(OpType.onnx("QLinearMatMul"))
        .input(left)
        .quantized(0.02f, DataType.INT8, 3)
        .constant(bytes(new Random(SEED + 1), DataType.INT8, depth, columns))
        .quantized(0.01f, DataType.INT8, 0)
        .quantized(4f, DataType.INT8, -7);
  }

  private static Supplier<Object> quantize(int channels) {
    Random random = new Random(SEED);
    float[] x = new float[1 << 20];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    Case node = new Case(OpType.onnx("QuantizeLinear"));
    node.input(Tensor.of(x, 1, 64, x.length / 64));
    return node.scales(channels, 0.02f).load();
  }

  private static Supplier<Object> dequantize(int channels) {
    Case node = new Case(OpType.onnx("DequantizeLinear"));
    node.input(bytes(new Random(SEED), DataType.INT8, 1, 64, 1 << 14));
    return node.scales(channels, 0.02f).load();
  }

  private static Supplier<Object> binary(String name) {
    Random random = new Random(SEED);
    Case node = new Case(new OpType("com.microsoft", name));
    node.input(bytes(random, DataType.INT8, 64, 1 << 14)).quantized(0.02f, DataType.INT8, 3);
    node.input(bytes(random, DataType.INT8, 64, 1 << 14)).quantized(0.03f, DataType.INT8, -5);
    return node.quantized(0.05f, DataType.INT8, 1).load();
  }

  private static Supplier<Object> mean() {
    Case node = new Case(new OpType("com.microsoft", "QLinearGlobalAveragePool"));
    node.input(bytes(new Random(SEED), DataType.INT8, 1, 64, 56, 56));
    return node.quantized(0.02f, DataType.INT8, 3).quantized(0.01f, DataType.INT8, 2).load();
  }

  private static Supplier<Object> averagePool() {
    Case node = new Case(new OpType("com.microsoft", "QLinearAveragePool"));
    node.input(bytes(new Random(SEED), DataType.INT8, 1, 64, 56, 56));
    node.quantized(0.02f, DataType.INT8, 3).quantized(0.01f, DataType.INT8, 2);
    return node.with(Attribute.of("kernel_shape", List.of(2L, 2L)))
        .with(Attribute.of("strides", List.of(2L, 2L)))
        .load();
  }

  private static Supplier<Object> softmax() {
    Case node = new Case(new OpType("com.microsoft", "QLinearSoftmax"));
    node.input(bytes(new Random(SEED), DataType.INT8, 1024, 256));
    node.quantized(0.02f, DataType.INT8, 3).quantized(1f / 256, DataType.INT8, -128);
    return node.with(Attribute.of("axis", -1L)).with(Attribute.of("opset", 13L)).load();
  }

  private static Tensor bytes(Random random, DataType type, long... sizes) {
    int count = 1;
    for (long size : sizes) {
      count *= (int) size;
    }
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return Tensor.of(type, bytes, sizes);
  }

  /** Returns one run of a model on one thread with random inputs; its batch is one. */
  static Supplier<Object> load(Model model, Map<String, Tensor> inputs) {
    ExecutableModel executable = executable(model);
    return () -> plain(executable.run(inputs));
  }

  private static ExecutableModel executable(Model model) {
    return AcrossBuilds.load(new ReferenceRuntime(), model);
  }

  private static Object plain(Map<String, Tensor> outputs) {
    List<Object> elements = new ArrayList<>();
    for (Tensor output : outputs.values()) {
      elements.add(output.data());
    }
    return elements;
  }

  /** Collects the operands of one node. */
  private static final class Case {
    private final OpType op;
    private final List<String> names = new ArrayList<>();
    private final Map<String, Tensor> inputs = new LinkedHashMap<>();
    private final Map<String, Tensor> constants = new LinkedHashMap<>();
    private final List<Attribute> attributes = new ArrayList<>();
    private boolean anyShape;

    Case(OpType op) {
      this.op = op;
    }

    Case input(Tensor tensor) {
      names.add("v" + names.size());
      inputs.put(names.get(names.size() - 1), tensor);
      return this;
    }

    Case constant(Tensor tensor) {
      names.add("v" + names.size());
      constants.put(names.get(names.size() - 1), tensor);
      return this;
    }

    Case quantized(float scale, DataType type, long zeroPoint) {
      return constant(Tensor.of(new float[] {scale}))
          .constant(Tensor.ofIntegers(type, new long[] {zeroPoint}));
    }

    Case scales(int channels, float scale) {
      if (channels == 1) {
        return quantized(scale, DataType.INT8, 3);
      }
      float[] scales = new float[channels];
      for (int i = 0; i < channels; i++) {
        scales[i] = scale * (1 + i / (float) channels);
      }
      return constant(Tensor.of(scales, channels))
          .constant(Tensor.ofIntegers(DataType.INT8, new long[channels], channels));
    }

    Case with(Attribute attribute) {
      attributes.add(attribute);
      return this;
    }

    /** Lets runs give inputs of other shapes. */
    Case ofAnyShape() {
      anyShape = true;
      return this;
    }

    Supplier<Object> load() {
      return KernelCases.load(model(), inputs);
    }

    Model model() {
      Node node = Node.of("node", op, names, List.of("y"), attributes.toArray(Attribute[]::new));
      DataType result = op.name().equals("DequantizeLinear") ? DataType.FLOAT : DataType.INT8;
      List<ValueInfo> values = new ArrayList<>();
      inputs.forEach(
          (name, tensor) ->
              values.add(
                  ValueInfo.of(
                      name,
                      anyShape
                          ? new TensorType(tensor.dataType(), Optional.empty())
                          : tensor.type())));
      Graph graph =
          new Graph(
              "case",
              values,
              List.of(ValueInfo.of("y", new TensorType(result, Optional.empty()))),
              constants,
              List.of(node),
              Map.of(),
              Optional.empty());
      return Model.of(graph, 21);
    }
  }
}
