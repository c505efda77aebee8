package dev.octet.kernels.lower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

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
import dev.octet.kernels.dialect.IntegerDialect;
import dev.octet.kernels.execute.GraphExecutor;
import dev.octet.kernels.operators.Operators;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A function of one value between integers gives the integers of the reading in float. */
class FunctionLoweringTest {

  private static final long OPSET = 25;
  private static final float[][] SCALES = {{0.0625f, 0.0371f}, {0.031f, 1f / 256}, {2f, 0.5f}};

  static Stream<OpType> functions() {
    return Operators.find(IntegerDialect.FUNCTION_OF_ONE).orElseThrow().loweredFrom().stream();
  }

  @ParameterizedTest
  @MethodSource("functions")
  void everyIntegerIsThatOfTheReadingInFloat(OpType function) {
    boolean power = function.is("Pow");
    List<String> operands = power ? List.of("x", "exponent") : List.of("x");
    for (DataType type : List.of(DataType.INT8, DataType.UINT8)) {
      for (float[] scales : SCALES) {
        Model model = model(Node.of("f", function, operands, List.of("y")), type, scales, 2.5f);
        Lowered lowered = QdqLowering.lower(model);
        assertEquals(List.of("QLinearFunction"), operators(lowered), lowered.report().toString());
        assertArrayEquals(run(model, type), run(lowered.model(), type));
      }
    }
  }

  @Test
  void keepsTheAttributesOfTheOperator() {
    Node elu =
        Node.of("f", OpType.onnx("Elu"), List.of("x"), List.of("y"), Attribute.of("alpha", 3f));
    Model model = model(elu, DataType.INT8, SCALES[0], 1);
    Lowered lowered = QdqLowering.lower(model);
    Node node = lowered.model().graph().node("f").orElseThrow();
    assertEquals(3f, node.floatAttribute("alpha", 0));
    assertEquals("Elu", node.stringAttribute(IntegerDialect.FUNCTION, ""));
    assertArrayEquals(run(model, DataType.INT8), run(lowered.model(), DataType.INT8));
  }

  @Test
  void clampsToTheBoundsOfAnActivationBehindIt() {
    Node tanh = Node.of("f", OpType.onnx("Tanh"), List.of("x"), List.of("t"));
    Node relu = Node.of("r", OpType.onnx("Relu"), List.of("t"), List.of("y"));
    Model model = model(List.of(tanh, relu), DataType.INT8, SCALES[0], Tensor.of(new float[] {1}));
    Lowered lowered = QdqLowering.lower(model);
    assertEquals(List.of("QLinearFunction"), operators(lowered), lowered.report().toString());
    assertArrayEquals(run(model, DataType.INT8), run(lowered.model(), DataType.INT8));
  }

  @Test
  void leavesAPowInFloatWhoseExponentIsAVector() {
    Node pow = Node.of("f", OpType.onnx("Pow"), List.of("x", "exponent"), List.of("y"));
    Tensor exponents = Tensor.of(new float[] {2}, 1);
    Lowered lowered = QdqLowering.lower(model(List.of(pow), DataType.INT8, SCALES[0], exponents));
    assertEquals(List.of("DequantizeLinear", "Pow", "QuantizeLinear"), operators(lowered));
  }

  private static List<String> operators(Lowered lowered) {
    return lowered.model().graph().nodes().stream().map(n -> n.op().name()).toList();
  }

  private static Model model(Node function, DataType type, float[] scales, float exponent) {
    return model(List.of(function), type, scales, Tensor.of(new float[] {exponent}));
  }

  private static Model model(List<Node> computed, DataType type, float[] scales, Tensor exponent) {
    Map<String, Tensor> constants = new LinkedHashMap<>();
    constants.put("x_scale", Tensor.of(new float[] {scales[0]}));
    constants.put("y_scale", Tensor.of(new float[] {scales[1]}));
    constants.put("zero", Tensor.ofIntegers(type, new long[] {type == DataType.INT8 ? -7 : 120}));
    constants.put("exponent", exponent);
    Node read = node("DequantizeLinear", List.of("q", "x_scale", "zero"), "x");
    Node written = node("QuantizeLinear", List.of("y", "y_scale", "zero"), "out");
    Graph graph =
        new Graph(
            "g",
            List.of(ValueInfo.of("q", TensorType.of(type, Shape.of(256)))),
            List.of(ValueInfo.of("out", TensorType.of(type, Shape.of(256)))),
            constants,
            Stream.of(Stream.of(read), computed.stream(), Stream.of(written))
                .flatMap(nodes -> nodes)
                .toList(),
            Map.of(),
            Optional.empty());
    return Model.of(graph, OPSET);
  }

  private static Node node(String op, List<String> operands, String result) {
    return Node.of(result + "_node", OpType.onnx(op), operands, List.of(result));
  }

  private static long[] run(Model model, DataType type) {
    long[] all = new long[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = i - (type == DataType.INT8 ? 128 : 0);
    }
    try (GraphExecutor executor = GraphExecutor.of(model, 1)) {
      return executor.run(Map.of("q", Tensor.ofIntegers(type, all, 256))).get("out").integers();
    }
  }
}
