package dev.octet.backend.arm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.annotation.resolve.Resolution;
import dev.octet.annotation.resolve.ResolvedGraph;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Point;
import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.NodeAnnotation;
import dev.octet.api.spec.Derivation;
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

class ArmProviderTest {

  private static final QuantizationSpec NARROW =
      QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT8))
          .withScheme(Scheme.affine().withProfile(floor(0x1p-16f)))
          .withObserver(ObserverSpec.squaredError());
  private static final QuantizationSpec WIDE =
      QuantizationSpec.Observed.of(new QuantizedType(Storage.INT16, -32767, 32767))
          .withScheme(Scheme.symmetric().withProfile(floor(0x1p-12f)))
          .withObserver(ObserverSpec.squaredError());
  private static final QuantizedType BIAS =
      new QuantizedType(Storage.INT32, -2147483647, 2147483647);

  @Test
  void theProviderIsFoundByItsNameAndHasNoRuntime() {
    QuantizerCatalog catalog = QuantizerCatalog.discover(ArmProvider.class.getClassLoader());
    assertEquals(
        Optional.of("arm"),
        catalog.provider("arm").ask(ArmProvider.class, "name", ArmProvider::name));
    assertEquals(Optional.empty(), catalog.provider("arm").runtime());
  }

  @ParameterizedTest
  @CsvSource({"activation-bits, 4", "weight-bits, 16", "mode, dynamic"})
  void whatUpstreamDoesNotHaveIsRefused(String option, String value) {
    OctetException error =
        assertThrows(
            OctetException.class, () -> new ArmProvider().create(Options.of(option, value)));
    assertEquals("OCT-OPT-003", error.id());
  }

  @Test
  void aConvolutionAndItsReluAreOneWithADerivedBias() {
    AnnotatedGraph annotated = annotated(convThen("Relu"));
    assertEquals(Optional.of("conv"), annotated.nodes().get("clamp").rule());
    assertEquals(Optional.of(NARROW), annotated.spec(Point.operand("conv", 0)));
    assertEquals(
        Optional.of(weight(127, new Granularity.PerChannel(0), Mode.STATIC)),
        annotated.spec(Point.operand("conv", 1)));
    assertEquals(
        Optional.of(bias(Point.operand("conv", 0), Point.operand("conv", 1))),
        annotated.spec(Point.operand("conv", 2)));
    assertEquals(Optional.empty(), annotated.spec(Point.result("conv", 0)));
    assertEquals(Optional.of(NARROW), annotated.spec(Point.result("clamp", 0)));
  }

  @Test
  void aConvolutionOf16BitsStandsBeforeItsReluAndHandsItItsScale() {
    AnnotatedGraph annotated = annotated(convThen("Relu"), "activation-bits", "16");
    assertEquals(Optional.of("pass-through"), annotated.nodes().get("clamp").rule());
    assertEquals(Optional.of(WIDE), annotated.spec(Point.operand("conv", 0)));
    assertEquals(
        Optional.of(
            new QuantizationSpec.Derived(
                BIAS,
                Derivation.named("arm-wide-bias"),
                List.of(Point.operand("conv", 0), Point.operand("conv", 1)))),
        annotated.spec(Point.operand("conv", 2)));
    assertEquals(
        List.of(
            Point.operand("clamp", 0),
            Point.result("clamp", 0),
            Point.result("conv", 0),
            Point.output("y")),
        sharing(annotated, Point.result("conv", 0)));
  }

  @ParameterizedTest
  @CsvSource({
    "per-channel, false, 127, false, STATIC",
    "weight-bits, 4, 7, true, STATIC",
    "mode, qat, 127, true, QUANTIZATION_AWARE"
  })
  void weightsFollowTheOptions(
      String option, String value, int limit, boolean channelwise, Mode mode) {
    Granularity granularity =
        channelwise ? new Granularity.PerChannel(0) : new Granularity.PerTensor();
    assertEquals(
        Optional.of(weight(limit, granularity, mode)),
        annotated(convThen("Relu"), option, value).spec(Point.operand("conv", 1)));
  }

  @Test
  void signedNormalizedActivationsLeaveOutTheLowestInteger() {
    QuantizationSpec.Observed activation =
        (QuantizationSpec.Observed)
            annotated(convThen("Relu"), "snorm", "true")
                .spec(Point.operand("conv", 0))
                .orElseThrow();
    assertEquals(new QuantizedType(Storage.INT8, -127, 127), activation.type());
  }

  @ParameterizedTest
  @CsvSource({"4, linear-matmul", "1, arithmetic"})
  void anAddedVectorIsABiasWhereItHasAValueForEachChannel(int size, String rule) {
    Network network =
        new Network()
            .constant("w", 8, 4)
            .constant("b", size)
            .node("mul", "MatMul", List.of("x", "w"), "m")
            .node("add", "Add", List.of("b", "m"), "y");
    AnnotatedGraph annotated = annotated(network);
    assertEquals(Optional.of("linear-matmul"), annotated.nodes().get("mul").rule());
    assertEquals(Optional.of(rule), annotated.nodes().get("add").rule());
    assertEquals(
        Optional.of(size == 4 ? bias(Point.operand("mul", 0), Point.operand("mul", 1)) : NARROW),
        annotated.spec(Point.operand("add", 0)));
  }

  @Test
  void aGroupedTransposedConvolutionStaysFloatWithTheReason() {
    Network network =
        new Network()
            .constant("w", 3, 1, 2, 2)
            .node("up", "ConvTranspose", List.of("x", "w"), "y", Attribute.of("group", 3L));
    NodeAnnotation up = annotated(network).nodes().get("up");
    assertEquals(Optional.empty(), up.rule());
    assertEquals(Optional.of("group is 3, not 1"), up.reason());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Relu", "MaxPool", "AveragePool", "Transpose", "Flatten", "ReduceMax", "Identity"})
  void anOperatorThatChoosesOrMovesKeepsTheScaleOfItsInput(String op) {
    Network network =
        new Network()
            .node("sum", "Add", List.of("x", "x"), "s")
            .node("move", op, List.of("s"), "y");
    assertEquals(
        List.of(
            Point.operand("move", 0),
            Point.result("move", 0),
            Point.result("sum", 0),
            Point.output("y")),
        sharing(annotated(network), Point.result("move", 0)));
  }

  @ParameterizedTest
  @CsvSource({
    "Acos, 8, 0.0078125",
    "Asin, 16, 3.0517578E-5",
    "Atanh, 8, 0.0078046876",
    "Atanh, 16, 3.0517272E-5"
  })
  void theInputOfAFunctionBetweenMinusOneAndOneHasAFixedScale(String op, String bits, float scale) {
    Network network = new Network().node("f", op, List.of("x"), "y");
    AnnotatedGraph annotated = annotated(network, "activation-bits", bits);
    QuantizedType type =
        bits.equals("8")
            ? QuantizedType.of(Storage.INT8)
            : new QuantizedType(Storage.INT16, -32767, 32767);
    assertEquals(
        Optional.of(QuantizationSpec.Fixed.of(type, scale, 0)),
        annotated.spec(Point.operand("f", 0)));
    assertEquals(
        Optional.of(bits.equals("8") ? NARROW : WIDE), annotated.spec(Point.result("f", 0)));
  }

  @Test
  void whatAComparisonComparesHasOneScale() {
    Network network = new Network().node("less", "Less", List.of("x", "z"), "y");
    AnnotatedGraph annotated = annotated(network);
    assertEquals(
        List.of(
            Point.operand("less", 0), Point.operand("less", 1), Point.input("x"), Point.input("z")),
        sharing(annotated, Point.operand("less", 0)));
    assertEquals(Optional.empty(), annotated.spec(Point.result("less", 0)));
  }

  @Test
  void inputsAndOutputsAreAsActivationsAreOrUint8() {
    AnnotatedGraph annotated = annotated(convThen("Relu"));
    assertEquals(Optional.of(NARROW), annotated.spec(Point.input("x")));
    assertEquals(Optional.of(NARROW), annotated.spec(Point.output("y")));
    assertEquals(
        List.of(Point.operand("conv", 0), Point.input("x")), sharing(annotated, Point.input("x")));
    QuantizationSpec.Observed io =
        (QuantizationSpec.Observed)
            annotated(convThen("Relu"), "boundary", "uint8").spec(Point.input("x")).orElseThrow();
    assertEquals(QuantizedType.of(Storage.UINT8), io.type());
    assertFalse(new ArmProvider().create(Options.none()).nodeOptions().contains("boundary"));
  }

  private static List<Point> sharing(AnnotatedGraph annotated, Point point) {
    ResolvedGraph resolved = Resolution.resolve(annotated);
    return resolved.group(point).orElseThrow().points().stream().sorted().toList();
  }

  private static Network convThen(String clamp) {
    return new Network()
        .constant("w", 4, 3, 3, 3)
        .constant("b", 4)
        .node("conv", "Conv", List.of("x", "w", "b"), "c")
        .node("clamp", clamp, List.of("c"), "y");
  }

  private static AnnotatedGraph annotated(Network network, String... options) {
    return network.annotated("arm", new ArmProvider().create(Options.of(options)));
  }

  private static QuantizationSpec weight(int limit, Granularity granularity, Mode mode) {
    return QuantizationSpec.Observed.of(new QuantizedType(Storage.INT8, -limit, limit))
        .withScheme(Scheme.symmetric().withProfile(floor(0x1p-16f)))
        .withGranularity(granularity)
        .withMode(mode);
  }

  private static QuantizationSpec bias(Point input, Point weight) {
    return new QuantizationSpec.Derived(BIAS, Derivation.productOfScales(), List.of(input, weight));
  }

  private static NumericProfile floor(float scale) {
    return NumericProfile.torch().withScaleFloor(scale);
  }
}
