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
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.qdq.QdqGraph;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.api.runtime.Exactness;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.OperatorUse;
import dev.octet.api.runtime.UseSupport;
import dev.octet.kernels.infer.ShapeInference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the runtimes of the distribution promise of uses, held against models of one node between
 * DequantizeLinear and QuantizeLinear. Weights lie in [-64, 64], of which no pair of products
 * leaves 16 bits, as onnxruntime's promise says.
 */
class DeclaredUsesTest {

  private static final int SAMPLES = 64;
  private static final float SCALE_X = 0.037f;
  private static final float SCALE_W = 0.011f;
  private static final float SCALE_Y = 0.05f;
  private static final Random RANDOM = new Random(7);

  /**
   * A model of one node.
   *
   * @param activations of what it reads and gives; constants have int8
   * @param rule the rule that both runtimes declare for it; those that differ have none
   */
  private record Case(
      Node node,
      DataType activations,
      long[] x,
      Map<String, Tensor> constants,
      Optional<String> rule) {

    private Case of(DataType other, Optional<String> rule) {
      return new Case(node, other, x, constants, rule);
    }

    @Override
    public String toString() {
      return node.op().name() + " of " + activations;
    }
  }

  static Stream<Case> cases() {
    Case conv =
        new Case(
            node("Conv", List.of("x", "w"), Attribute.of("pads", List.of(1L, 1L, 1L, 1L))),
            DataType.UINT8,
            new long[] {SAMPLES, 3, 6, 6},
            Map.of("w", weights(4, 3, 3, 3)),
            Optional.of("float-half-even"));
    return Stream.of(
        conv,
        conv.of(DataType.INT8, Optional.empty()),
        new Case(
            node("MatMul", List.of("x", "w")),
            DataType.INT8,
            new long[] {SAMPLES, 24},
            Map.of("w", weights(24, 9)),
            Optional.of("float-half-even")),
        new Case(
            node("Mul", List.of("x", "w")),
            DataType.INT8,
            new long[] {SAMPLES, 5, 7},
            Map.of("w", weights(5, 7)),
            Optional.of("float-half-even-with-zero-point")),
        new Case(
            node("Add", List.of("x", "w")),
            DataType.INT8,
            new long[] {SAMPLES, 5, 7},
            Map.of("w", weights(5, 7)),
            Optional.of("float-half-even-with-zero-point")),
        alone("Sigmoid", Optional.of("simulated")),
        alone("Relu", Optional.of("simulated")),
        alone("Erf", Optional.of("simulated")),
        alone("GlobalAveragePool", Optional.empty()),
        alone("Identity", Optional.empty()));
  }

  private static Case alone(String name, Optional<String> rule) {
    return new Case(
        node(name, List.of("x")), DataType.INT8, new long[] {SAMPLES, 3, 4, 5}, Map.of(), rule);
  }

  private static Node node(String name, List<String> operands, Attribute... attributes) {
    return Node.of("node", OpType.onnx(name), operands, List.of("y"), attributes);
  }

  private static int count(long[] sizes) {
    return Math.toIntExact(LongStream.of(sizes).reduce(1, Math::multiplyExact));
  }

  private static Tensor weights(long... sizes) {
    byte[] bytes = new byte[count(sizes)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (RANDOM.nextInt(129) - 64);
    }
    return Tensor.of(DataType.INT8, bytes, sizes);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void integersLieWithinTheBoundOfTheirUse(Case each) {
    Model model = model(each);
    float[] samples = samples(each.x);
    QuantizerCatalog catalog = QuantizerCatalog.discover(getClass().getClassLoader());
    BackendRuntime cpu = catalog.runtime("cpu");
    float[] reference = run(cpu, Options.none(), model, each.x, samples);
    assertEquals("exact", words(cpu, Options.none(), model));
    for (String level : List.of("all", "none")) {
      Options options = Options.of("graph-optimization", level);
      BackendRuntime runtime = catalog.runtime("onnxruntime");
      float[] own = run(runtime, options, model, each.x, samples);
      int bound =
          support(runtime, options, model)
              .exactness()
              .match(new Exactness.Cases<>(x -> 0, bounded -> bounded.steps(), unsupported -> -1));
      assertTrue(bound > 0, words(runtime, options, model));
      assertEquals(reference.length, own.length);
      for (int i = 0; i < own.length; i++) {
        int steps = Math.round(Math.abs(own[i] - reference[i]) / SCALE_Y);
        assertTrue(steps <= bound, each + " " + level + ", element " + i + ": " + steps);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void bothDeclareTheRuleOfTheUse(Case each) {
    QuantizerCatalog catalog = QuantizerCatalog.discover(getClass().getClassLoader());
    Model model = model(each);
    if (each.rule.isPresent()) {
      for (String runtime : List.of("cpu", "onnxruntime")) {
        assertEquals(
            each.rule,
            support(catalog.runtime(runtime), Options.none(), model)
                .requantization()
                .map(Object::toString));
      }
    }
    assertEquals(
        "simulated",
        support(catalog.runtime("onnxruntime"), Options.of("graph-optimization", "basic"), model)
            .requantization()
            .orElseThrow()
            .name());
  }

  private static String words(BackendRuntime runtime, Options options, Model model) {
    return support(runtime, options, model)
        .exactness()
        .match(
            new Exactness.Cases<>(
                x -> "exact", bounded -> "bounded", unsupported -> unsupported.reason()));
  }

  private static UseSupport support(BackendRuntime runtime, Options options, Model model) {
    QdqGraph graph = new QdqGraph(ShapeInference.infer(model));
    return runtime
        .uses(options)
        .support(OperatorUse.of(graph, graph.graph().node("node").orElseThrow()));
  }

  private static float[] samples(long[] sizes) {
    float[] values = new float[count(sizes)];
    for (int i = 0; i < values.length; i++) {
      values[i] = RANDOM.nextFloat() * 9 - 4.5f;
    }
    return values;
  }

  private static float[] run(
      BackendRuntime runtime, Options options, Model model, long[] sizes, float[] samples) {
    try (ExecutableModel loaded = runtime.load(LoadRequest.of(model).options(options).build())) {
      return loaded.run(Map.of("in", Tensor.of(samples, sizes))).get("out").floats();
    }
  }

  private static Model model(Case each) {
    Map<String, Tensor> constants = new LinkedHashMap<>();
    List<Node> nodes = new ArrayList<>();
    pair("in", "x", SCALE_X, zero(5, each), each.activations, constants, nodes);
    each.constants.forEach(
        (name, tensor) -> {
          constants.put(name + "_q", tensor);
          parameters(name, SCALE_W, 0, DataType.INT8, constants);
          nodes.add(convert("DequantizeLinear", name + "_q", name, name));
        });
    nodes.add(each.node);
    pair("y", "out", SCALE_Y, zero(-3, each), each.activations, constants, nodes);
    TensorType in = TensorType.of(DataType.FLOAT, Shape.of(each.x));
    Graph graph =
        new Graph(
            "g",
            List.of(ValueInfo.of("in", in)),
            List.of(ValueInfo.of("out", new TensorType(DataType.FLOAT, Optional.empty()))),
            constants,
            nodes,
            Map.of(),
            Optional.empty());
    return Model.of(graph, 13);
  }

  /** Returns the same place among the integers of a type as an int8 has among its own. */
  private static int zero(int int8, Case each) {
    return each.activations == DataType.UINT8 ? int8 - Byte.MIN_VALUE : int8;
  }

  private static void pair(
      String from,
      String to,
      float scale,
      int zero,
      DataType type,
      Map<String, Tensor> constants,
      List<Node> nodes) {
    parameters(to, scale, zero, type, constants);
    nodes.add(convert("QuantizeLinear", from, to, to + "_q"));
    nodes.add(convert("DequantizeLinear", to + "_q", to, to));
  }

  private static void parameters(
      String name, float scale, int zero, DataType type, Map<String, Tensor> constants) {
    constants.put(name + "_scale", Tensor.of(new float[] {scale}));
    constants.put(name + "_zero", Tensor.of(type, new byte[] {(byte) zero}));
  }

  private static Node convert(String op, String from, String parameters, String to) {
    return Node.of(
        to + "_" + op,
        OpType.onnx(op),
        List.of(from, parameters + "_scale", parameters + "_zero"),
        List.of(to));
  }
}
