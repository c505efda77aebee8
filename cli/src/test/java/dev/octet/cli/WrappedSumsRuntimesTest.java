package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.Parallelism;
import dev.octet.backend.cpu.CpuProvider;
import dev.octet.backend.onnxruntime.OnnxRuntimeProvider;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where sums of a file's integer operators leave int32, both runtimes give the same integers. */
class WrappedSumsRuntimesTest {

  /** So small that pairs of products of ONNX Runtime's kernels stay inside int16. */
  private static final int LARGEST_WEIGHT = 60;

  /** What a step of the result is, so that the whole of int32 has 256 of them. */
  private static final float STEP = 0x1p24f;

  private static final int CHANNELS = 8;

  @ParameterizedTest
  @CsvSource({
    "UINT8, INT8, 1",
    "UINT8, INT8, 2",
    "UINT8, INT8, 8",
    "UINT8, UINT8, 1",
    "UINT8, UINT8, 8",
    "INT8, INT8, 1",
    "INT8, INT8, 8"
  })
  void convolutionsDo(DataType type, DataType weights, int groups) {
    Random random = new Random(7);
    long[] weightSizes = {CHANNELS, CHANNELS / groups, 3, 3};
    Node node =
        Node.of(
            "conv",
            OpType.onnx("QLinearConv"),
            List.of("x", "one", "zx", "w", "one", "zw", "sy", "zx", "b"),
            List.of("y"),
            Attribute.of("group", (long) groups),
            Attribute.of("pads", List.of(1L, 1L, 1L, 1L)));
    requireSame(
        node,
        random(random, type, 255, 1, CHANNELS, 9, 9),
        random(random, weights, LARGEST_WEIGHT, weightSizes),
        Tensor.of(biases(random), CHANNELS));
  }

  @ParameterizedTest
  @CsvSource({"UINT8, INT8", "UINT8, UINT8", "INT8, INT8"})
  void productsDo(DataType type, DataType weights) {
    Random random = new Random(8);
    Node node =
        Node.of(
            "gemm",
            new OpType("com.microsoft", "QGemm"),
            List.of("x", "one", "zx", "w", "one", "zw", "b", "sy", "zx"),
            List.of("y"));
    requireSame(
        node,
        random(random, type, 255, 5, 33),
        random(random, weights, LARGEST_WEIGHT, 33, CHANNELS),
        Tensor.of(biases(random), CHANNELS));
  }

  private static Tensor random(Random random, DataType type, int span, long... sizes) {
    long first = type.isSignedInteger() ? -(span + 1) / 2 : 0;
    int count = (int) Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
    return Tensor.ofIntegers(type, random.longs(count, first, first + span + 1).toArray(), sizes);
  }

  /** At both ends of int32. */
  private static int[] biases(Random random) {
    int[] biases = new int[CHANNELS];
    for (int m = 0; m < CHANNELS; m++) {
      int near = random.nextInt(1000);
      biases[m] = m % 2 == 0 ? Integer.MIN_VALUE + near : Integer.MAX_VALUE - near;
    }
    return biases;
  }

  private static void requireSame(Node node, Tensor x, Tensor w, Tensor bias) {
    Map<String, Tensor> constants = new LinkedHashMap<>();
    constants.put("one", Tensor.of(new float[] {1}));
    constants.put("sy", Tensor.of(new float[] {STEP}));
    constants.put("zx", Tensor.ofIntegers(x.dataType(), new long[] {3}));
    constants.put("w", w);
    long zero = w.dataType().isSignedInteger() ? 0 : LARGEST_WEIGHT / 2;
    constants.put("zw", Tensor.ofIntegers(w.dataType(), new long[] {zero}));
    constants.put("b", bias);
    Graph graph =
        new Graph(
            "sums",
            List.of(ValueInfo.of("x", x.type())),
            List.of(ValueInfo.of("y", TensorType.of(x.dataType(), resultShape(x, w)))),
            constants,
            List.of(node),
            Map.of(),
            Optional.empty());
    Model model = Model.of(graph, 13).withOpset("com.microsoft", 1);
    long[] own = run(new CpuProvider(), model, x);
    assertArrayEquals(run(new OnnxRuntimeProvider(), model, x), own);
    int plane = w.sizes().length == 2 ? 1 : 81;
    assertTrue(
        IntStream.range(0, CHANNELS).anyMatch(channel -> valuesOf(channel, plane, own) > 1),
        "no sum left int32");
  }

  /** Returns how many values a channel has; one whose sums stay beside its bias has one. */
  private static long valuesOf(int channel, int plane, long[] results) {
    return IntStream.range(0, results.length)
        .filter(i -> i / plane % CHANNELS == channel)
        .mapToLong(i -> results[i])
        .distinct()
        .count();
  }

  private static Shape resultShape(Tensor x, Tensor w) {
    long[] sizes = x.sizes();
    return sizes.length == 2 ? Shape.of(sizes[0], w.sizes()[1]) : Shape.of(sizes);
  }

  private static long[] run(QuantizerProvider backend, Model model, Tensor x) {
    try (ExecutableModel loaded =
        backend.runtime().orElseThrow().load(LoadRequest.of(model, Parallelism.threads(1)))) {
      return loaded.run(Map.of("x", x)).get("y").integers();
    }
  }
}
