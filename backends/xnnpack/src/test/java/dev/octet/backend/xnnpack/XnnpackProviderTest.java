package dev.octet.backend.xnnpack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.resolve.Resolution;
import dev.octet.annotation.resolve.ResolvedGraph;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Point;
import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.ObserverPlan;
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
import org.junit.jupiter.params.provider.ValueSource;

class XnnpackProviderTest {

  private static final NumericProfile ARITHMETIC = NumericProfile.torch().withScaleFloor(0x1p-12f);
  private static final QuantizationSpec ACTIVATION =
      activation(ObserverSpec.squaredError(), Mode.STATIC);

  @Test
  void theProviderIsFoundByItsNameAndHasNoRuntime() {
    QuantizerCatalog catalog = QuantizerCatalog.discover(XnnpackProvider.class.getClassLoader());
    assertEquals(
        "xnnpack",
        catalog
            .provider("xnnpack")
            .ask(XnnpackProvider.class, "name", XnnpackProvider::name)
            .orElseThrow());
    assertEquals(Optional.empty(), catalog.provider("xnnpack").runtime());
  }

  @Test
  void aWidthOtherThanEightOrFourIsRefusedWithTheKnownOnes() {
    OctetException error =
        assertThrows(
            OctetException.class,
            () -> new XnnpackProvider().create(Options.of("weight-bits", "5")));
    assertEquals("OCT-OPT-003", error.id());
    assertEquals(List.of("8", "4"), error.candidates());
  }

  @Test
  void aConvolutionAndItsReluAreOneWithAFloatBias() {
    AnnotatedGraph annotated = annotated(convRelu());
    assertEquals(Optional.of("conv"), annotated.nodes().get("conv").rule());
    assertEquals(Optional.of("conv"), annotated.nodes().get("relu").rule());
    assertEquals(Optional.of(ACTIVATION), annotated.spec(Point.operand("conv", 0)));
    assertEquals(
        Optional.of(weight(-127, 127, new Granularity.PerChannel(0), Mode.STATIC)),
        annotated.spec(Point.operand("conv", 1)));
    assertEquals(Optional.empty(), annotated.spec(Point.operand("conv", 2)));
    assertEquals(Optional.empty(), annotated.spec(Point.result("conv", 0)));
    assertEquals(Optional.of(ACTIVATION), annotated.spec(Point.result("relu", 0)));
  }

  @Test
  void theChannelsOfATransposedConvolutionRunAlongAxis1InEveryMode() {
    Network network =
        new Network().constant("w", 3, 5, 2, 2).node("up", "ConvTranspose", List.of("x", "w"), "y");
    for (String mode : List.of("static", "dynamic", "qat")) {
      AnnotatedGraph annotated = annotated(network, "mode", mode);
      assertEquals(
          new Granularity.PerChannel(1),
          observed(annotated, Point.operand("up", 1)).granularity(),
          mode);
    }
  }

  @Test
  void aGroupedTransposedConvolutionStaysFloat() {
    Network network =
        new Network()
            .constant("w", 3, 1, 2, 2)
            .node("up", "ConvTranspose", List.of("x", "w"), "y", Attribute.of("group", 3L));
    AnnotatedGraph annotated = annotated(network);
    assertEquals(Optional.empty(), annotated.nodes().get("up").rule());
    assertEquals(Optional.empty(), annotated.spec(Point.operand("up", 0)));
  }

  @Test
  void aMatMulByAConstantWithAnAddedVectorAndAReluIsOneLinearLayer() {
    Network network =
        new Network()
            .constant("w", 8, 4)
            .constant("b", 4)
            .node("mul", "MatMul", List.of("x", "w"), "m")
            .node("bias", "Add", List.of("b", "m"), "a")
            .node("relu", "Relu", List.of("a"), "y");
    AnnotatedGraph annotated = annotated(network);
    for (String node : List.of("mul", "bias", "relu")) {
      assertEquals(Optional.of("linear-matmul"), annotated.nodes().get(node).rule());
    }
    assertEquals(
        new Granularity.PerChannel(1), observed(annotated, Point.operand("mul", 1)).granularity());
    assertEquals(Optional.empty(), annotated.spec(Point.operand("bias", 0)));
    assertEquals(Optional.empty(), annotated.spec(Point.result("bias", 0)));
    assertEquals(Optional.of(ACTIVATION), annotated.spec(Point.result("relu", 0)));
  }

  @Test
  void theChannelsOfAGemmRunAlongTheAxisThatTransBSays() {
    Network network =
        new Network()
            .constant("v", 8, 4)
            .constant("w", 2, 4)
            .node("plain", "Gemm", List.of("x", "v"), "g")
            .node("turned", "Gemm", List.of("g", "w"), "y", Attribute.of("transB", 1L));
    AnnotatedGraph annotated = annotated(network);
    assertEquals(
        new Granularity.PerChannel(1),
        observed(annotated, Point.operand("plain", 1)).granularity());
    assertEquals(
        new Granularity.PerChannel(0),
        observed(annotated, Point.operand("turned", 1)).granularity());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Add", "Mul"})
  void bothOperandsOfASumAndOfAProductAreQuantizedAlsoConstantOnes(String op) {
    Network network =
        new Network()
            .constant("c", 1, 3, 1, 1)
            .node("join", op, List.of("x", "c"), "j")
            .node("relu", "Relu", List.of("j"), "y");
    AnnotatedGraph annotated = annotated(network);
    assertEquals(Optional.of(ACTIVATION), annotated.spec(Point.operand("join", 0)));
    assertEquals(Optional.of(ACTIVATION), annotated.spec(Point.operand("join", 1)));
    assertEquals(Optional.empty(), annotated.spec(Point.result("join", 0)));
    assertEquals(Optional.of(ACTIVATION), annotated.spec(Point.result("relu", 0)));
  }

  @Test
  void allPartsOfAConcatAndItsResultHaveOneScale() {
    Network network =
        new Network()
            .constant("w", 3, 3, 1, 1)
            .node("left", "Conv", List.of("x", "w"), "l")
            .node("right", "Add", List.of("x", "x"), "r")
            .node("cat", "Concat", List.of("l", "r"), "y", Attribute.of("axis", 1L));
    ResolvedGraph resolved = Resolution.resolve(annotated(network));
    ObserverPlan.Group group = resolved.group(Point.result("cat", 0)).orElseThrow();
    assertEquals(
        List.of(
            Point.operand("cat", 0),
            Point.operand("cat", 1),
            Point.result("cat", 0),
            Point.result("left", 0),
            Point.result("right", 0)),
        group.points().stream().sorted().toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Relu",
        "Clip",
        "MaxPool",
        "ReduceMean",
        "Transpose",
        "Squeeze",
        "Unsqueeze",
        "Reshape",
        "Slice",
        "Flatten"
      })
  void anOperatorThatMovesValuesGoesOnWithTheScaleOfWhatItReads(String op) {
    Network network =
        new Network()
            .constant("w", 3, 3, 1, 1)
            .node("conv", "Conv", List.of("x", "w"), "c")
            .node("move", op, List.of("c"), "m")
            .node("move2", op, List.of("m"), "moved")
            .node("end", "Sigmoid", List.of("c"), "y");
    ResolvedGraph resolved = Resolution.resolve(annotated(network));
    int group = resolved.group(Point.result("conv", 0)).orElseThrow().id();
    for (String node : List.of("move", "move2")) {
      assertEquals(group, resolved.group(Point.operand(node, 0)).orElseThrow().id());
      assertEquals(group, resolved.group(Point.result(node, 0)).orElseThrow().id());
    }
  }

  @Test
  void anOperatorThatMovesValuesStaysFloatBehindAFloatValue() {
    Network network = new Network().node("move", "Transpose", List.of("x"), "y");
    AnnotatedGraph annotated = annotated(network);
    assertEquals(Optional.of("its input is not quantized"), reason(annotated, "move"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Pad", "Sigmoid", "Softmax", "AveragePool", "GlobalAveragePool", "Sub"})
  void anOperatorThatNoRuleHasStaysFloatBehindAQuantizedValue(String op) {
    Network network =
        new Network()
            .constant("w", 3, 3, 1, 1)
            .node("conv", "Conv", List.of("x", "w"), "c")
            .node("next", op, List.of("c"), "y");
    AnnotatedGraph annotated = annotated(network);
    assertEquals(Optional.empty(), annotated.nodes().get("next").rule());
    assertEquals(Optional.empty(), annotated.spec(Point.operand("next", 0)));
    assertEquals(
        Optional.of("no rule of backend 'xnnpack' matches " + op), reason(annotated, "next"));
  }

  @Test
  void theProductInsideSiluStaysFloat() {
    Network network =
        new Network()
            .node("gate", "Sigmoid", List.of("x"), "s")
            .node("product", "Mul", List.of("x", "s"), "y");
    AnnotatedGraph annotated = annotated(network);
    assertEquals(Optional.of("silu"), annotated.nodes().get("product").rule());
    assertEquals(Optional.empty(), annotated.spec(Point.operand("product", 0)));
    assertInstanceOf(
        QuantizationSpec.KeepFloat.class, annotated.spec(Point.result("product", 0)).orElseThrow());
  }

  @Test
  void twoConvolutionsOnOneWeightAreBothQuantizedAndShareItsScales() {
    Network network =
        new Network()
            .constant("w", 3, 3, 1, 1)
            .node("first", "Conv", List.of("x", "w"), "c")
            .node("second", "Conv", List.of("c", "w"), "y");
    ResolvedGraph resolved = Resolution.resolve(annotated(network));
    assertEquals(
        resolved.group(Point.operand("first", 1)).orElseThrow().id(),
        resolved.group(Point.operand("second", 1)).orElseThrow().id());
  }

  @Test
  void weightsCanHaveOneScaleForAllChannels() {
    AnnotatedGraph annotated = annotated(convRelu(), "per-channel", "false");
    assertEquals(
        Optional.of(weight(-127, 127, new Granularity.PerTensor(), Mode.STATIC)),
        annotated.spec(Point.operand("conv", 1)));
  }

  @Test
  void weightsOfFourBitsAreStoredAsInt8() {
    AnnotatedGraph annotated = annotated(convRelu(), "weight-bits", "4");
    assertEquals(
        Optional.of(weight(-8, 7, new Granularity.PerChannel(0), Mode.STATIC)),
        annotated.spec(Point.operand("conv", 1)));
  }

  @Test
  void trainingMarksActivationsAndWeightsAsQuantizationAware() {
    AnnotatedGraph annotated = annotated(convRelu(), "mode", "qat");
    QuantizationSpec trained = activation(ObserverSpec.minMax(), Mode.QUANTIZATION_AWARE);
    assertEquals(Optional.of(trained), annotated.spec(Point.operand("conv", 0)));
    assertEquals(Optional.of(trained), annotated.spec(Point.result("relu", 0)));
    assertEquals(
        Optional.of(weight(-127, 127, new Granularity.PerChannel(0), Mode.QUANTIZATION_AWARE)),
        annotated.spec(Point.operand("conv", 1)));
  }

  @Test
  void dynamicLayersHaveADynamicInputAStaticWeightAndAFloatResult() {
    Network network =
        new Network()
            .constant("w", 3, 3, 1, 1)
            .constant("v", 8, 4)
            .node("conv", "Conv", List.of("x", "w"), "c")
            .node("linear", "MatMul", List.of("c", "v"), "y");
    AnnotatedGraph annotated = annotated(network, "mode", "dynamic");
    QuantizationSpec dynamic = activation(ObserverSpec.minMax(), Mode.DYNAMIC);
    for (String node : List.of("conv", "linear")) {
      assertEquals(Optional.of(dynamic), annotated.spec(Point.operand(node, 0)));
      assertEquals(Mode.STATIC, observed(annotated, Point.operand(node, 1)).mode());
      assertEquals(Optional.empty(), annotated.spec(Point.result(node, 0)));
    }
  }

  @Test
  void aDynamicConvolutionBeforeAReluStaysFloat() {
    AnnotatedGraph annotated = annotated(convRelu(), "mode", "dynamic");
    assertEquals(Optional.of("its result goes to Relu alone"), reason(annotated, "conv"));
    assertEquals(Optional.empty(), annotated.spec(Point.operand("conv", 0)));
  }

  @Test
  void aDynamicDepthwiseConvolutionAndOneOfOneDimensionStayFloat() {
    Network network =
        new Network()
            .constant("w", 3, 1, 1, 1)
            .constant("v", 4, 3, 1)
            .node("depthwise", "Conv", List.of("x", "w"), "d", Attribute.of("group", 3L))
            .node("line", "Conv", List.of("d", "v"), "y");
    AnnotatedGraph annotated = annotated(network, "mode", "dynamic");
    assertEquals(Optional.empty(), annotated.nodes().get("depthwise").rule());
    assertEquals(Optional.empty(), annotated.nodes().get("line").rule());
    assertEquals(Optional.of("conv"), annotated(network).nodes().get("depthwise").rule());
    assertEquals(Optional.of("conv"), annotated(network).nodes().get("line").rule());
  }

  @Test
  void dynamicSumsAndConcatsStayFloat() {
    Network network =
        new Network()
            .node("sum", "Add", List.of("x", "x"), "s")
            .node("cat", "Concat", List.of("s", "x"), "y", Attribute.of("axis", 1L));
    AnnotatedGraph annotated = annotated(network, "mode", "dynamic");
    annotated.nodes().values().forEach(node -> assertTrue(node.rule().isEmpty(), node.node()));
  }

  private static Network convRelu() {
    return new Network()
        .constant("w", 4, 3, 1, 1)
        .constant("b", 4)
        .node("conv", "Conv", List.of("x", "w", "b"), "c")
        .node("relu", "Relu", List.of("c"), "y");
  }

  private static AnnotatedGraph annotated(Network network, String... options) {
    Options given = options.length == 0 ? Options.none() : Options.of(options[0], options[1]);
    return network.annotated("xnnpack", new XnnpackProvider().create(given));
  }

  private static Optional<String> reason(AnnotatedGraph annotated, String node) {
    return annotated.nodes().get(node).reason();
  }

  private static QuantizationSpec.Observed observed(AnnotatedGraph annotated, Point point) {
    return (QuantizationSpec.Observed) annotated.spec(point).orElseThrow();
  }

  private static QuantizationSpec activation(ObserverSpec observer, Mode mode) {
    return QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT8))
        .withScheme(Scheme.affine().withProfile(ARITHMETIC))
        .withObserver(observer)
        .withMode(mode);
  }

  private static QuantizationSpec weight(int min, int max, Granularity granularity, Mode mode) {
    return QuantizationSpec.Observed.of(new QuantizedType(Storage.INT8, min, max))
        .withScheme(Scheme.symmetric().withProfile(ARITHMETIC))
        .withGranularity(granularity)
        .withMode(mode);
  }
}
