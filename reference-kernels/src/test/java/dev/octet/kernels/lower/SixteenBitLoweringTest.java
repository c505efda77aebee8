package dev.octet.kernels.lower;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import dev.octet.kernels.execute.GraphExecutor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Operators of 16 bits on integers, held against the reading of the standard: every
 * DequantizeLinear, the operator in float32, and every QuantizeLinear.
 */
class SixteenBitLoweringTest {

  private static final long[] SIZES = {2, 4, 6, 10};

  /** Scale and zero point of a value. */
  private record Parameters(DataType type, float scale, long zero) {}

  /**
   * An operator between integers.
   *
   * @param x what it reads
   * @param y what its result becomes
   * @param becomes the operators of the integer graph
   * @param sameBits whether the integers are those of the reading in float
   */
  private record Case(
      Node node, List<Parameters> x, Parameters y, List<String> becomes, boolean sameBits) {
    @Override
    public String toString() {
      return node.op().name() + " " + x.get(0).type + " to " + y.type;
    }
  }

  private static final Map<String, Tensor> CONSTANTS =
      Map.of(
          "zero", Tensor.of(new float[] {0}),
          "six", Tensor.of(new float[] {6}),
          "three", Tensor.of(new float[] {3}),
          "shape", Tensor.of(new long[] {2, -1}, 2),
          "axes", Tensor.of(new long[] {1}, 1),
          "starts", Tensor.of(new long[] {1, 2}, 2),
          "ends", Tensor.of(new long[] {4, 9}, 2),
          "pads", Tensor.of(new long[] {0, 0, 1, 0, 0, 1, 0, 2}, 8),
          "repeats", Tensor.of(new long[] {1, 2, 1, 1}, 4),
          "indices", Tensor.of(new long[] {3, 0, 3}, 3));

  private static Case of(
      String op, List<String> operands, String form, boolean sameBits, Attribute... attributes) {
    return new Case(
        Node.of("op", OpType.onnx(op), operands, List.of("y"), attributes),
        List.of(
            new Parameters(DataType.INT16, 0.00031f, 5),
            new Parameters(DataType.UINT16, 0.0002f, 30_000)),
        new Parameters(DataType.UINT16, 0.00029f, 31_111),
        List.of(form),
        sameBits);
  }

  /** An operator that moves integers, whose result means what its operand means. */
  private static Case moving(String op, List<String> operands, Attribute... attributes) {
    Parameters kept = new Parameters(DataType.INT16, 0.00031f, 5);
    return new Case(
        Node.of("op", OpType.onnx(op), operands, List.of("y"), attributes),
        List.of(kept),
        kept,
        List.of(op),
        true);
  }

  static Stream<Case> cases() {
    List<Case> all = new ArrayList<>();
    all.add(of("Add", List.of("x0", "x1"), "QLinearAdd", true));
    all.add(of("Mul", List.of("x0", "x1"), "QLinearMul", true));
    for (String reading : List.of("Sub", "Div", "Max", "Min")) {
      all.add(of(reading, List.of("x0", "x1"), "QLinear" + reading, true));
    }
    all.add(of("Relu", List.of("x0"), "Requantize", true));
    all.add(of("Clip", List.of("x0", "zero", "six"), "Requantize", true));
    all.add(of("LeakyRelu", List.of("x0"), "QLinearLeakyRelu", true, Attribute.of("alpha", 0.3f)));
    all.add(of("Sigmoid", List.of("x0"), "QLinearSigmoid", true));
    for (String function : List.of("HardSwish", "Tanh", "Erf", "Gelu", "Log", "Reciprocal")) {
      all.add(of(function, List.of("x0"), "QLinearFunction", true));
    }
    all.add(of("Elu", List.of("x0"), "QLinearFunction", true, Attribute.of("alpha", 0.3f)));
    all.add(of("Pow", List.of("x0", "three"), "QLinearFunction", true));
    all.add(of("Concat", List.of("x0", "x1"), "QLinearConcat", true, Attribute.of("axis", 1)));
    List<Long> window = List.of(3L, 2L);
    all.add(
        of(
            "AveragePool",
            List.of("x0"),
            "QLinearAveragePool",
            true,
            Attribute.of("kernel_shape", window),
            Attribute.of("pads", List.of(1L, 0L, 1L, 1L))));
    all.add(of("GlobalAveragePool", List.of("x0"), "QLinearGlobalAveragePool", false));
    all.add(of("ReduceMean", List.of("x0", "axes"), "QLinearReduceMean", false));
    all.add(of("ReduceSum", List.of("x0", "axes"), "QLinearReduceSum", false));
    all.add(of("Softmax", List.of("x0"), "QLinearSoftmax", false, Attribute.of("axis", 1)));
    for (Case each : List.copyOf(all)) {
      all.add(
          new Case(
              each.node,
              each.x,
              new Parameters(DataType.INT8, 0.07f, -3),
              each.becomes,
              each.sameBits));
    }
    all.add(moving("MaxPool", List.of("x0"), Attribute.of("kernel_shape", window)));
    all.add(moving("Reshape", List.of("x0", "shape")));
    all.add(moving("Flatten", List.of("x0")));
    all.add(moving("Identity", List.of("x0")));
    all.add(moving("Transpose", List.of("x0"), Attribute.of("perm", List.of(3L, 1L, 0L, 2L))));
    all.add(moving("Slice", List.of("x0", "starts", "ends")));
    all.add(moving("Pad", List.of("x0", "pads")));
    all.add(moving("Pad", List.of("x0", "pads", "six")));
    all.add(moving("Tile", List.of("x0", "repeats")));
    all.add(moving("Gather", List.of("x0", "indices"), Attribute.of("axis", 1)));
    all.add(moving("DepthToSpace", List.of("x0"), Attribute.of("blocksize", 2)));
    all.add(moving("SpaceToDepth", List.of("x0"), Attribute.of("blocksize", 2)));
    return all.stream();
  }

  private static Model model(Case each) {
    Map<String, Tensor> constants = new LinkedHashMap<>(CONSTANTS);
    List<ValueInfo> inputs = new ArrayList<>();
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < each.x.size() && each.node.operands().contains("x" + i); i++) {
      Parameters x = each.x.get(i);
      inputs.add(ValueInfo.of("q" + i, TensorType.of(x.type, Shape.of(SIZES))));
      nodes.add(conversion("DequantizeLinear", "q" + i, "x" + i, x, constants));
    }
    nodes.add(each.node);
    nodes.add(conversion("QuantizeLinear", "y", "out", each.y, constants));
    ValueInfo out = ValueInfo.of("out", new TensorType(each.y.type, Optional.empty()));
    return Model.of(
        new Graph("g", inputs, List.of(out), constants, nodes, Map.of(), Optional.empty()), 22);
  }

  private static Node conversion(
      String op, String from, String to, Parameters parameters, Map<String, Tensor> constants) {
    constants.put(to + "_scale", Tensor.of(new float[] {parameters.scale}));
    constants.put(to + "_zero", Tensor.ofIntegers(parameters.type, new long[] {parameters.zero}));
    List<String> operands = List.of(from, to + "_scale", to + "_zero");
    return Node.of(to + "_node", OpType.onnx(op), operands, List.of(to));
  }

  private static Tensor random(Random random, DataType type) {
    long[] values = new long[2 * 4 * 6 * 10];
    int low = type == DataType.INT16 ? -32_768 : 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = low + (i < 2 ? 65_535L * i : random.nextInt(65_536));
    }
    return Tensor.ofIntegers(type, values, SIZES);
  }

  private static Tensor run(Model model, Map<String, Tensor> inputs) {
    try (GraphExecutor executor = GraphExecutor.of(model, 1)) {
      return executor.run(inputs).get("out");
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void givesTheIntegersOfTheReadingInFloat(Case each) {
    Model model = model(each);
    Lowered lowered = QdqLowering.lower(model);
    assertEquals(
        each.becomes,
        lowered.model().graph().nodes().stream().map(n -> n.op().name()).toList(),
        () -> lowered.report().toString());
    Random random = new Random(31);
    int differing = 0;
    int all = 0;
    for (int draw = 0; draw < 20; draw++) {
      Map<String, Tensor> inputs = new LinkedHashMap<>();
      for (ValueInfo input : model.graph().inputs()) {
        inputs.put(input.name(), random(random, input.tensorType().orElseThrow().dataType()));
      }
      long[] integers = run(lowered.model(), inputs).integers();
      long[] reading = run(model, inputs).integers();
      assertEquals(reading.length, integers.length);
      for (int i = 0; i < integers.length; i++) {
        assertTrue(Math.abs(reading[i] - integers[i]) <= (each.sameBits ? 0 : 1), each::toString);
        differing += reading[i] == integers[i] ? 0 : 1;
        all++;
      }
    }
    assertFalse(differing * 50 > all, each + ": " + differing + " of " + all + " differ");
  }

  @ParameterizedTest
  @MethodSource("requantizations")
  void aChangeOfScaleRunsOnIntegers(DataType from, DataType to) {
    Map<String, Tensor> constants = new LinkedHashMap<>();
    List<Node> nodes = new ArrayList<>();
    nodes.add(
        conversion("DequantizeLinear", "q0", "x0", new Parameters(from, 0.0013f, 77), constants));
    nodes.add(
        conversion("QuantizeLinear", "x0", "out", new Parameters(to, 0.0511f, 99), constants));
    Model model =
        Model.of(
            new Graph(
                "g",
                List.of(ValueInfo.of("q0", TensorType.of(from, Shape.of(SIZES)))),
                List.of(ValueInfo.of("out", TensorType.of(to, Shape.of(SIZES)))),
                constants,
                nodes,
                Map.of(),
                Optional.empty()),
            21);
    Lowered lowered = QdqLowering.lower(model);
    assertEquals(
        List.of("Requantize"),
        lowered.model().graph().nodes().stream().map(n -> n.op().name()).toList());
    Map<String, Tensor> inputs = Map.of("q0", random(new Random(5), from));
    assertEquals(run(model, inputs), run(lowered.model(), inputs));
  }

  static Stream<Arguments> requantizations() {
    return Stream.of(DataType.INT16, DataType.UINT16)
        .flatMap(
            from ->
                Stream.of(DataType.INT8, DataType.UINT8, DataType.INT16, DataType.UINT16)
                    .map(to -> Arguments.of(from, to)));
  }
}
