package dev.octet.annotation.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.policy.Policy;
import dev.octet.annotation.policy.Selector;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Directive;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.ScaleGrid;
import dev.octet.api.spec.Storage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StaticIntegerRulesTest {

  private static final IntegerTypes TYPES = observedBy(ObserverSpec.minMax());

  private final Map<String, Tensor> constants = new LinkedHashMap<>();
  private final Map<String, ValueInfo> values = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();

  @Test
  void aConvolutionAndTheReluThatAloneReadsItAreOneMatch() {
    constant("w", 4, 3, 1, 1);
    constant("b", 4);
    node("conv", "Conv", List.of("x", "w", "b"), "c");
    node("relu", "Relu", List.of("c"), "y");
    AnnotatedGraph annotated = annotate();
    assertEquals(Optional.of("convolution"), annotated.nodes().get("conv").rule());
    assertEquals(Optional.of("convolution"), annotated.nodes().get("relu").rule());
    assertTrue(annotated.spec(Point.result("conv", 0)).isEmpty());
    assertTrue(annotated.spec(Point.result("relu", 0)).isPresent());
    assertEquals(
        new Granularity.PerChannel(0), observed(annotated, Point.operand("conv", 1)).granularity());
    QuantizationSpec.Derived bias =
        (QuantizationSpec.Derived) annotated.spec(Point.operand("conv", 2)).orElseThrow();
    assertEquals(List.of(Point.operand("conv", 0), Point.operand("conv", 1)), bias.sources());
  }

  @Test
  void aReluIsNotFusedWhenSomeoneElseReadsTheConvolution() {
    constant("w", 4, 3, 1, 1);
    node("conv", "Conv", List.of("x", "w"), "c");
    node("relu", "Relu", List.of("c"), "r");
    node("add", "Add", List.of("c", "r"), "y");
    AnnotatedGraph annotated = annotate();
    assertTrue(annotated.spec(Point.result("conv", 0)).isPresent());
    assertEquals(Optional.of("activation-function"), annotated.nodes().get("relu").rule());
  }

  @Test
  void aWeightThatIsNotConstantKeepsTheConvolutionFloat() {
    node("conv", "Conv", List.of("x", "x"), "y");
    assertEquals(Optional.of("weight is not constant"), annotate().nodes().get("conv").reason());
  }

  @Test
  void theChannelsOfAGemmWeightRunAlongTheAxisThatTransBSays() {
    constant("w", 3, 4);
    node("gemm", "Gemm", List.of("x", "w"), "g");
    constant("v", 5, 4);
    nodes.add(
        Node.of(
            "gemm2",
            OpType.onnx("Gemm"),
            List.of("g", "v"),
            List.of("y"),
            Attribute.of("transB", 1L)));
    value("y");
    AnnotatedGraph annotated = annotate();
    assertEquals(
        new Granularity.PerChannel(1), observed(annotated, Point.operand("gemm", 1)).granularity());
    assertEquals(
        new Granularity.PerChannel(0),
        observed(annotated, Point.operand("gemm2", 1)).granularity());
  }

  @Test
  void aGemmWithOtherFactorsStaysFloat() {
    constant("w", 3, 4);
    nodes.add(
        Node.of(
            "gemm",
            OpType.onnx("Gemm"),
            List.of("x", "w"),
            List.of("y"),
            Attribute.of("alpha", 2f)));
    value("y");
    assertTrue(annotate().nodes().get("gemm").reason().orElseThrow().contains("alpha"));
  }

  @Test
  void bothOperandsOfASumWithItselfAreMarked() {
    node("add", "Add", List.of("x", "x"), "y");
    AnnotatedGraph annotated = annotate();
    assertTrue(annotated.spec(Point.operand("add", 0)).isPresent());
    assertTrue(annotated.spec(Point.operand("add", 1)).isPresent());
  }

  @Test
  void movingValuesIsQuantizedOnlyBehindAQuantizedValue() {
    node("early", "Flatten", List.of("x"), "f");
    node("add", "Add", List.of("f", "f"), "a");
    node("late", "Flatten", List.of("a"), "y");
    AnnotatedGraph annotated = annotate();
    assertEquals(
        Optional.of("its input is not quantized"), annotated.nodes().get("early").reason());
    assertEquals(
        Optional.of(new QuantizationSpec.Shared(Point.operand("late", 0))),
        annotated.spec(Point.result("late", 0)));
    assertEquals(
        Optional.of(new QuantizationSpec.Shared(Point.result("add", 0))),
        annotated.spec(Point.operand("late", 0)));
  }

  @Test
  void integersAreNotQuantized() {
    values.put("n", ValueInfo.of("n", ValueType.TensorType.of(DataType.INT64, Shape.of(1))));
    constants.put("n", Tensor.of(new long[] {1}, 1));
    values.remove("n");
    node("add", "Add", List.of("n", "n"), "y");
    assertTrue(annotate().nodes().get("add").reason().orElseThrow().contains("INT64"));
  }

  @Test
  void anExcludedReluIsNotFusedAndSaysWhy() {
    constant("w", 4, 3, 1, 1);
    node("conv", "Conv", List.of("x", "w"), "c");
    node("block/relu", "Relu", List.of("c"), "y");
    AnnotatedGraph annotated = annotate("block/*");
    assertEquals(
        Optional.of("excluded by node 'block/*'"), annotated.nodes().get("block/relu").reason());
    assertTrue(annotated.spec(Point.result("conv", 0)).isPresent());
  }

  @Test
  void probabilitiesHaveOneGridForTheSoftmaxAndWhatReadsThem() {
    node("softmax", "Softmax", List.of("x"), "p");
    node("reshape", "Reshape", List.of("p", "shape"), "r");
    constants.put("shape", Tensor.of(new long[] {-1, 4}, 2));
    node("product", "MatMul", List.of("r", "x"), "m");
    node("gate", "Mul", List.of("x", "p"), "y");
    AnnotatedGraph annotated = annotate();
    QuantizationSpec.Observed probabilities = observed(annotated, Point.result("softmax", 0));
    assertEquals(ScaleGrid.integerReciprocals(), probabilities.scheme().grid());
    assertEquals(probabilities, observed(annotated, Point.operand("product", 0)));
    assertEquals(probabilities, observed(annotated, Point.operand("gate", 1)));
    for (Point other : List.of(Point.operand("product", 1), Point.operand("gate", 0))) {
      assertEquals(ScaleGrid.any(), observed(annotated, other).scheme().grid());
    }
  }

  @Test
  void aFunctionIsQuantizedWhereWhatItReadsIs() {
    node("float", "Tanh", List.of("x"), "t");
    node("sum", "Add", List.of("t", "t"), "s");
    node("integer", "Tanh", List.of("s"), "y");
    AnnotatedGraph annotated = annotate();
    assertEquals(Optional.empty(), annotated.nodes().get("float").rule());
    assertEquals(Optional.of("function"), annotated.nodes().get("integer").rule());
    assertTrue(annotated.spec(Point.result("integer", 0)).isPresent());
  }

  @Test
  void aRampIsQuantizedWithTheExactRangeOfItsResult() {
    node("sum", "Add", List.of("x", "x"), "s");
    node("ramp", "HardSigmoid", List.of("s"), "y");
    AnnotatedGraph annotated = annotate(observedBy(ObserverSpec.entropy()));
    assertEquals(Optional.of("ramp"), annotated.nodes().get("ramp").rule());
    assertEquals(ObserverSpec.entropy(), observed(annotated, Point.result("sum", 0)).observer());
    assertEquals(ObserverSpec.minMax(), observed(annotated, Point.result("ramp", 0)).observer());
  }

  @Test
  void aDivisionIsQuantizedWhereTheDivisorIsOneConstant() {
    constants.put("two", Tensor.of(new float[] {2}));
    constants.put("many", Tensor.of(new float[] {1, 2}, 2));
    node("one", "Div", List.of("x", "two"), "a");
    node("several", "Div", List.of("a", "many"), "b");
    node("variable", "Div", List.of("a", "b"), "y");
    AnnotatedGraph annotated = annotate();
    assertEquals(Optional.of("quotient"), annotated.nodes().get("one").rule());
    for (String node : List.of("several", "variable")) {
      assertEquals(Optional.empty(), annotated.nodes().get(node).rule(), node);
    }
  }

  @Test
  void theLargerOfTwoIsQuantizedAndOfThreeIsNot() {
    node("two", "Max", List.of("x", "x"), "a");
    node("three", "Min", List.of("x", "a", "a"), "y");
    AnnotatedGraph annotated = annotate();
    assertEquals(Optional.of("larger-smaller"), annotated.nodes().get("two").rule());
    assertEquals(Optional.empty(), annotated.nodes().get("three").rule());
  }

  private static QuantizationSpec.Observed observed(AnnotatedGraph annotated, Point point) {
    return (QuantizationSpec.Observed) annotated.spec(point).orElseThrow();
  }

  private static IntegerTypes observedBy(ObserverSpec observer) {
    return new IntegerTypes(
        QuantizedType.of(Storage.INT8), new QuantizedType(Storage.INT8, -127, 127), observer);
  }

  private AnnotatedGraph annotate(String... excluded) {
    return annotate(TYPES, excluded);
  }

  private AnnotatedGraph annotate(IntegerTypes types, String... excluded) {
    Graph graph = graph();
    Policy.Builder policy = Policy.builder();
    List.of(excluded).forEach(glob -> policy.exclude(Selector.node(glob)));
    Map<String, Directive> directives =
        policy.build().decide(graph, node -> List.of(node.name())).directives();
    AnnotationContext context =
        AnnotationContext.builder("test", graph).directives(directives).build();
    StaticIntegerRules.of("test", types).quantizer().annotate(context);
    return context.annotated();
  }

  private Graph graph() {
    return new Graph(
        "g", List.of(info("x")), List.of(info("y")), constants, nodes, values, Optional.empty());
  }

  private void node(String name, String op, List<String> operands, String result) {
    nodes.add(Node.of(name, OpType.onnx(op), operands, List.of(result)));
    value(result);
  }

  private void value(String name) {
    if (!name.equals("y")) {
      values.put(name, info(name));
    }
  }

  private void constant(String name, long... sizes) {
    int count = 1;
    for (long size : sizes) {
      count *= (int) size;
    }
    constants.put(name, Tensor.of(new float[count], sizes));
  }

  private static ValueInfo info(String name) {
    return ValueInfo.of(name, new ValueType.TensorType(DataType.FLOAT, Optional.empty()));
  }
}
