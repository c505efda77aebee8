package dev.octet.backend.x86;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.annotation.resolve.Resolution;
import dev.octet.annotation.resolve.ResolvedGraph;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Point;
import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.NumericProfile;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Scheme;
import dev.octet.api.spec.Storage;
import dev.octet.fixtures.graph.Network;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class X86ProviderTest {

  private static final NumericProfile ARITHMETIC = NumericProfile.torch().withScaleFloor(0x1p-12f);
  private static final QuantizationSpec ACTIVATION =
      activation(255, ObserverSpec.squaredError(), Mode.STATIC);

  @Test
  void theProviderIsFoundByItsNameAndHasNoRuntime() {
    QuantizerCatalog catalog = QuantizerCatalog.discover(X86Provider.class.getClassLoader());
    assertEquals(
        "x86",
        catalog.provider("x86").ask(X86Provider.class, "name", X86Provider::name).orElseThrow());
    assertEquals(Optional.empty(), catalog.provider("x86").runtime());
  }

  @Test
  void anUnknownModeIsRefusedWithTheKnownOnes() {
    OctetException error =
        assertThrows(
            OctetException.class, () -> new X86Provider().create(Options.of("mode", "statik")));
    assertEquals("OCT-OPT-003", error.id());
    assertEquals("static", error.candidates().get(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Relu", "Clip", "HardSwish"})
  void aConvolutionIsQuantizedWhereItReadsAndNotWhereItWrites(String function) {
    AnnotatedGraph annotated = annotated(convThen(function));
    assertEquals(Optional.of("conv"), rule(annotated, "conv"));
    assertEquals(Optional.of("conv"), rule(annotated, "next"));
    assertEquals(Optional.of(ACTIVATION), annotated.spec(Point.operand("conv", 0)));
    assertEquals(Optional.of(weight(0, Mode.STATIC)), annotated.spec(Point.operand("conv", 1)));
    assertFloat(annotated, Point.operand("conv", 2));
    assertFloat(annotated, Point.result("conv", 0));
    assertFloat(annotated, Point.operand("next", 0));
    assertFloat(annotated, Point.result("next", 0));
  }

  @Test
  void theResidualOfASumBehindAConvolutionIsQuantized() {
    Network network =
        new Network()
            .constant("w", 3, 3, 1, 1)
            .node("conv", "Conv", List.of("x", "w"), "c")
            .node("sum", "Add", List.of("z", "c"), "s")
            .node("relu", "Relu", List.of("s"), "y");
    AnnotatedGraph annotated = annotated(network);
    for (String node : List.of("conv", "sum", "relu")) {
      assertEquals(Optional.of("conv-add"), rule(annotated, node));
    }
    assertEquals(Optional.of(ACTIVATION), annotated.spec(Point.operand("sum", 0)));
    assertFloat(annotated, Point.operand("sum", 1));
    assertFloat(annotated, Point.result("sum", 0));
    assertFloat(annotated, Point.result("relu", 0));
  }

  @ParameterizedTest
  @CsvSource({"first, second", "second, first"})
  void ofTwoConvolutionsTheOneAtOperand0OfTheSumIsFused(String left, String right) {
    Network network =
        new Network()
            .constant("w", 3, 3, 1, 1)
            .constant("v", 3, 3, 1, 1)
            .node("first", "Conv", List.of("x", "w"), "first_out")
            .node("second", "Conv", List.of("z", "v"), "second_out")
            .node("sum", "Add", List.of(left + "_out", right + "_out"), "y");
    AnnotatedGraph annotated = annotated(network);
    assertEquals(Optional.of("conv-add"), rule(annotated, left));
    assertEquals(Optional.of("conv-add"), rule(annotated, "sum"));
    assertEquals(Optional.of("conv"), rule(annotated, right));
    assertFloat(annotated, Point.operand("sum", 0));
    assertEquals(Optional.of(ACTIVATION), annotated.spec(Point.operand("sum", 1)));
  }

  @Test
  void aSumWithAConstantStaysFloatBehindAConvolution() {
    Network network =
        new Network()
            .constant("w", 3, 3, 1, 1)
            .constant("c", 1, 3, 1, 1)
            .node("conv", "Conv", List.of("x", "w"), "a")
            .node("sum", "Add", List.of("a", "c"), "y");
    AnnotatedGraph annotated = annotated(network);
    assertEquals(Optional.of("conv"), rule(annotated, "conv"));
    assertEquals(Optional.empty(), rule(annotated, "sum"));
    assertFloat(annotated, Point.operand("sum", 1));
  }

  @Test
  void siluBelongsToTheConvolutionBeforeItAndStaysFloatElsewhere() {
    Network network =
        new Network()
            .constant("w", 3, 3, 1, 1)
            .node("conv", "Conv", List.of("x", "w"), "c")
            .node("gate", "Sigmoid", List.of("c"), "s")
            .node("product", "Mul", List.of("c", "s"), "p")
            .node("gate2", "Sigmoid", List.of("z"), "t")
            .node("product2", "Mul", List.of("z", "t"), "y");
    AnnotatedGraph annotated = annotated(network);
    for (String node : List.of("conv", "gate", "product")) {
      assertEquals(Optional.of("conv-silu"), rule(annotated, node));
    }
    assertFloat(annotated, Point.operand("product", 0));
    assertEquals(Optional.of("silu"), rule(annotated, "product2"));
    assertFloat(annotated, Point.operand("product2", 0));
  }

  @Test
  void aConvolutionAlongALineIsQuantizedOnlyBeforeARelu() {
    Network network =
        new Network()
            .constant("w", 4, 3, 1)
            .constant("v", 4, 4, 1)
            .node("plain", "Conv", List.of("x", "w"), "c")
            .node("conv", "Conv", List.of("c", "v"), "d")
            .node("relu", "Relu", List.of("d"), "y");
    AnnotatedGraph annotated = annotated(network);
    assertEquals(Optional.empty(), rule(annotated, "plain"));
    assertEquals(Optional.of("conv1d-relu"), rule(annotated, "conv"));
  }

  @Test
  void aConvolutionWithSeveralReadersIsQuantizedWithoutThem() {
    Network network =
        new Network()
            .constant("w", 3, 3, 1, 1)
            .node("conv", "Conv", List.of("x", "w"), "c")
            .node("left", "Relu", List.of("c"), "l")
            .node("right", "Relu", List.of("c"), "y");
    AnnotatedGraph annotated = annotated(network);
    assertEquals(Optional.of("conv"), rule(annotated, "conv"));
    assertEquals(Optional.empty(), rule(annotated, "left"));
    assertEquals(Optional.empty(), rule(annotated, "right"));
  }

  @Test
  void twoConvolutionsOnOneWeightShareItsScales() {
    Network network =
        new Network()
            .constant("w", 3, 3, 1, 1)
            .node("first", "Conv", List.of("x", "w"), "c")
            .node("second", "Conv", List.of("c", "w"), "y");
    ResolvedGraph resolved = Resolution.resolve(annotated(network));
    assertEquals(
        group(resolved, Point.operand("first", 1)), group(resolved, Point.operand("second", 1)));
  }

  @Test
  void aMatMulByAConstantWithAnAddedVectorAndAFunctionIsOneDenseLayer() {
    Network network =
        new Network()
            .constant("w", 8, 4)
            .constant("b", 4)
            .node("product", "MatMul", List.of("x", "w"), "m")
            .node("bias", "Add", List.of("m", "b"), "a")
            .node("tanh", "Tanh", List.of("a"), "y");
    AnnotatedGraph annotated = annotated(network);
    for (String node : List.of("product", "bias", "tanh")) {
      assertEquals(Optional.of("linear-matmul"), rule(annotated, node));
    }
    assertEquals(Optional.of(weight(1, Mode.STATIC)), annotated.spec(Point.operand("product", 1)));
    assertFloat(annotated, Point.operand("bias", 1));
    assertFloat(annotated, Point.result("tanh", 0));
  }

  @Test
  void theOtherOperandOfASumBehindADenseLayerStaysFloat() {
    Network network =
        new Network()
            .constant("w", 4, 8)
            .node("dense", "Gemm", List.of("x", "w"), "d", Attribute.of("transB", 1L))
            .node("sum", "Add", List.of("d", "z"), "s")
            .node("relu", "Relu", List.of("s"), "y");
    AnnotatedGraph annotated = annotated(network);
    assertEquals(Optional.of("linear-add"), rule(annotated, "relu"));
    assertEquals(Optional.of(weight(0, Mode.STATIC)), annotated.spec(Point.operand("dense", 1)));
    assertFloat(annotated, Point.operand("sum", 1));
  }

  @Test
  void aProductOfEqualShapesIsQuantizedAndABroadcastOneIsNot() {
    Network network =
        new Network()
            .constant("c", 1, 3, 1, 1)
            .node("equal", "Mul", List.of("x", "z"), "e")
            .node("broadcast", "Mul", List.of("x", "c"), "y");
    AnnotatedGraph annotated = annotated(network);
    assertEquals(Optional.of(ACTIVATION), annotated.spec(Point.operand("equal", 0)));
    assertEquals(Optional.of(ACTIVATION), annotated.spec(Point.operand("equal", 1)));
    assertFloat(annotated, Point.result("equal", 0));
    assertEquals(Optional.empty(), rule(annotated, "broadcast"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"MatMul", "Add", "Sub", "Div"})
  void otherOperatorsOnTwoComputedValuesStayFloat(String op) {
    Network network = new Network().node("join", op, List.of("x", "z"), "y");
    AnnotatedGraph annotated = annotated(network);
    assertEquals(Optional.empty(), rule(annotated, "join"));
    assertFloat(annotated, Point.operand("join", 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"MaxPool", "AveragePool"})
  void poolsBehindALayerShareTheScaleOfTheirInput(String op) {
    Network network =
        new Network()
            .constant("w", 3, 3, 1, 1)
            .node("conv", "Conv", List.of("x", "w"), "c")
            .node("pool", op, List.of("c"), "p")
            .node("pool2", op, List.of("p"), "y");
    ResolvedGraph resolved = Resolution.resolve(annotated(network));
    int group = group(resolved, Point.operand("pool", 0));
    assertEquals(group, group(resolved, Point.result("pool", 0)));
    assertEquals(group, group(resolved, Point.operand("pool2", 0)));
    assertEquals(group, group(resolved, Point.result("pool2", 0)));
    assertEquals(Optional.empty(), resolved.group(Point.result("conv", 0)));
  }

  @Test
  void aPoolOfAGraphInputAndAPoolOfAWholePlaneStayFloat() {
    Network network =
        new Network()
            .constant("w", 3, 3, 1, 1)
            .node("pool", "MaxPool", List.of("x"), "p")
            .node("conv", "Conv", List.of("p", "w"), "c")
            .node("mean", "GlobalAveragePool", List.of("c"), "y");
    AnnotatedGraph annotated = annotated(network);
    assertEquals(Optional.empty(), rule(annotated, "pool"));
    assertFloat(annotated, Point.result("pool", 0));
    assertEquals(Optional.empty(), rule(annotated, "mean"));
    assertFloat(annotated, Point.operand("mean", 0));
  }

  @Test
  void aFlattenBetweenTwoLayersHasTheScaleOfTheSecondOnesInput() {
    Network network =
        new Network()
            .constant("w", 3, 3, 1, 1)
            .constant("v", 192, 4)
            .node("conv", "Conv", List.of("x", "w"), "c")
            .node("flatten", "Flatten", List.of("c"), "f")
            .node("dense", "Gemm", List.of("f", "v"), "y");
    ResolvedGraph resolved = Resolution.resolve(annotated(network));
    int group = group(resolved, Point.operand("flatten", 0));
    assertEquals(group, group(resolved, Point.result("flatten", 0)));
    assertEquals(group, group(resolved, Point.operand("dense", 0)));
  }

  @Test
  void aFlattenThatNoQuantizableOperatorReadsStaysFloat() {
    Network network =
        new Network()
            .constant("w", 3, 3, 1, 1)
            .node("conv", "Conv", List.of("x", "w"), "c")
            .node("flatten", "Flatten", List.of("c"), "f")
            .node("softmax", "Softmax", List.of("f"), "y");
    assertEquals(Optional.empty(), rule(annotated(network), "flatten"));
  }

  @Test
  void aConcatOfLayersHasOneScaleAndOneWithAGraphInputStaysFloat() {
    Network network =
        new Network()
            .constant("w", 3, 3, 1, 1)
            .constant("v", 3, 3, 1, 1)
            .node("left", "Conv", List.of("x", "w"), "l")
            .node("right", "Conv", List.of("z", "v"), "r")
            .node("layers", "Concat", List.of("l", "r"), "j", Attribute.of("axis", 1L))
            .node("mixed", "Concat", List.of("j", "x"), "y", Attribute.of("axis", 1L));
    AnnotatedGraph annotated = annotated(network);
    ResolvedGraph resolved = Resolution.resolve(annotated);
    int group = group(resolved, Point.operand("layers", 0));
    assertEquals(group, group(resolved, Point.operand("layers", 1)));
    assertEquals(group, group(resolved, Point.result("layers", 0)));
    assertEquals(Optional.empty(), rule(annotated, "mixed"));
  }

  @Test
  void theReducedRangeHasSevenBitsForActivationsAndEightForWeights() {
    AnnotatedGraph annotated = annotated(convThen("Relu"), "reduce-range", "true");
    assertEquals(
        Optional.of(activation(127, ObserverSpec.squaredError(), Mode.STATIC)),
        annotated.spec(Point.operand("conv", 0)));
    assertEquals(Optional.of(weight(0, Mode.STATIC)), annotated.spec(Point.operand("conv", 1)));
  }

  @Test
  void dynamicLayersHaveADynamicInputAndAStaticWeight() {
    AnnotatedGraph annotated = annotated(convThen("Relu"), "mode", "dynamic");
    assertEquals(
        Optional.of(activation(255, ObserverSpec.minMax(), Mode.DYNAMIC)),
        annotated.spec(Point.operand("conv", 0)));
    assertEquals(Optional.of(weight(0, Mode.STATIC)), annotated.spec(Point.operand("conv", 1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"MaxPool", "Flatten"})
  void parametersThatAreFoundWhileTheModelRunsAreHandedOnByNoOperator(String op) {
    Network network =
        new Network()
            .constant("w", 3, 3, 1, 1)
            .constant("w2", 3, 3, 1, 1)
            .node("conv", "Conv", List.of("x", "w"), "c")
            .node("mover", op, List.of("c"), "p")
            .node("after", "Conv", List.of("p", "w2"), "y");
    AnnotatedGraph annotated = annotated(network, "mode", "dynamic");
    assertEquals(Optional.empty(), rule(annotated, "mover"));
    assertFloat(annotated, Point.operand("mover", 0));
  }

  @Test
  void trainingMarksActivationsAndWeightsAsQuantizationAware() {
    AnnotatedGraph annotated = annotated(convThen("Relu"), "mode", "qat");
    assertEquals(
        Optional.of(activation(255, ObserverSpec.minMax(), Mode.QUANTIZATION_AWARE)),
        annotated.spec(Point.operand("conv", 0)));
    assertEquals(
        Optional.of(weight(0, Mode.QUANTIZATION_AWARE)), annotated.spec(Point.operand("conv", 1)));
    assertFloat(annotated, Point.result("next", 0));
  }

  private static Network convThen(String function) {
    return new Network()
        .constant("w", 4, 3, 1, 1)
        .constant("b", 4)
        .node("conv", "Conv", List.of("x", "w", "b"), "c")
        .node("next", function, List.of("c"), "y");
  }

  private static AnnotatedGraph annotated(Network network, String... options) {
    Options given = options.length == 0 ? Options.none() : Options.of(options[0], options[1]);
    return network.annotated("x86", new X86Provider().create(given));
  }

  private static Optional<String> rule(AnnotatedGraph annotated, String node) {
    return annotated.nodes().get(node).rule();
  }

  private static int group(ResolvedGraph resolved, Point point) {
    return resolved.group(point).orElseThrow().id();
  }

  private static void assertFloat(AnnotatedGraph annotated, Point point) {
    assertEquals(
        Optional.empty(),
        annotated.spec(point).filter(s -> !(s instanceof QuantizationSpec.KeepFloat)),
        point.toString());
  }

  private static QuantizationSpec activation(int max, ObserverSpec observer, Mode mode) {
    return QuantizationSpec.Observed.of(new QuantizedType(Storage.UINT8, 0, max))
        .withScheme(Scheme.affine().withProfile(ARITHMETIC))
        .withObserver(observer)
        .withMode(mode);
  }

  private static QuantizationSpec weight(int axis, Mode mode) {
    return QuantizationSpec.Observed.of(new QuantizedType(Storage.INT8, -128, 127))
        .withScheme(Scheme.symmetric().withProfile(ARITHMETIC))
        .withGranularity(new Granularity.PerChannel(axis))
        .withMode(mode);
  }
}
