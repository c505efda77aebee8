package dev.octet.backend.qnn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.annotation.resolve.Resolution;
import dev.octet.annotation.resolve.ResolvedGraph;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Shape;
import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.DerivationContext;
import dev.octet.api.spec.DerivationKind;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.NumericProfile;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.ScaleLevels;
import dev.octet.api.spec.Scheme;
import dev.octet.api.spec.Storage;
import dev.octet.fixtures.graph.Network;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QnnProviderTest {

  private static final NumericProfile ARITHMETIC =
      NumericProfile.torch().withScaleFloor(1.5259022E-9f);
  private static final QuantizedType UINT8 = QuantizedType.of(Storage.UINT8);
  private static final QuantizedType UINT16 = QuantizedType.of(Storage.UINT16);

  @Test
  void theProviderIsFoundByItsNameAndHasNoRuntime() {
    QuantizerCatalog catalog = QuantizerCatalog.discover(QnnProvider.class.getClassLoader());
    assertEquals(
        Optional.of("qnn"),
        catalog.provider("qnn").ask(QnnProvider.class, "name", QnnProvider::name));
    assertEquals(Optional.empty(), catalog.provider("qnn").runtime());
  }

  @ParameterizedTest
  @CsvSource({"activation-bits, 4", "weight-bits, 2", "block-size, 8", "mode, dynamic"})
  void whatTheTableDoesNotHaveIsRefused(String option, String value) {
    OctetException error =
        assertThrows(
            OctetException.class, () -> new QnnProvider().create(Options.of(option, value)));
    assertEquals("OCT-OPT-003", error.id());
  }

  @Test
  void aReluBehindAConvolutionHasParametersOfItsOwn() {
    AnnotatedGraph annotated = annotated(convRelu());
    assertEquals(Optional.of("conv"), annotated.nodes().get("conv").rule());
    assertEquals(Optional.of("function"), annotated.nodes().get("relu").rule());
    assertEquals(Optional.of(activation(UINT8)), annotated.spec(Point.operand("conv", 0)));
    assertEquals(
        Optional.of(symmetric(Storage.INT8, 127).withGranularity(new Granularity.PerChannel(0))),
        annotated.spec(Point.operand("conv", 1)));
    assertEquals(Optional.of(bias()), annotated.spec(Point.operand("conv", 2)));
    ResolvedGraph resolved = Resolution.resolve(annotated);
    assertEquals(resolved.group(Point.result("conv", 0)), resolved.group(Point.operand("relu", 0)));
    assertNotEquals(
        resolved.group(Point.operand("relu", 0)), resolved.group(Point.result("relu", 0)));
  }

  @Test
  void aBiasWithOneScaleForAllIsObservedByItself() {
    QuantizationSpec own =
        QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT32))
            .withScheme(Scheme.symmetric().withProfile(ARITHMETIC));
    AnnotatedGraph annotated = annotated(convRelu(), "per-channel", "false");
    assertEquals(
        Optional.of(symmetric(Storage.INT8, 127)), annotated.spec(Point.operand("conv", 1)));
    assertEquals(Optional.of(own), annotated.spec(Point.operand("conv", 2)));
  }

  @ParameterizedTest
  @CsvSource({"4, INT8, 7", "8, INT8, 127", "16, INT16, 32767"})
  void weightsHaveTheirWidthBesideActivationsOf16Bits(String bits, Storage storage, int limit) {
    AnnotatedGraph annotated = annotated(convRelu(), "activation-bits", "16", "weight-bits", bits);
    assertEquals(Optional.of(activation(UINT16)), annotated.spec(Point.result("conv", 0)));
    assertEquals(
        Optional.of(symmetric(storage, limit).withGranularity(new Granularity.PerChannel(0))),
        annotated.spec(Point.operand("conv", 1)));
    assertEquals(Optional.of(bias()), annotated.spec(Point.operand("conv", 2)));
  }

  private static QuantizationSpec blocks(int axis) {
    return symmetric(Storage.INT8, 7)
        .withScheme(
            Scheme.symmetric()
                .withProfile(ARITHMETIC)
                .withLevels(
                    ScaleLevels.integers(16, ScaleLevels.Over.ROW)
                        .rounded(ScaleLevels.Rounding.NEAREST)))
        .withGranularity(new Granularity.PerGroup(axis, 32));
  }

  private static AnnotatedGraph inBlocks(Network network) {
    return annotated(network, "weight-bits", "4", "block-size", "32");
  }

  @Test
  void weightsInBlocksHaveScalesOfTwoLevels() {
    QuantizationSpec own =
        QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT32))
            .withScheme(Scheme.symmetric().withProfile(ARITHMETIC));
    Network pointwise =
        new Network()
            .constant("w", 4, 64, 1, 1)
            .constant("b", 4)
            .node("conv", "Conv", List.of("x", "w", "b"), "y");
    AnnotatedGraph conv = inBlocks(pointwise);
    assertEquals(Optional.of("conv-of-kernel-1"), conv.nodes().get("conv").rule());
    assertEquals(Optional.of(blocks(1)), conv.spec(Point.operand("conv", 1)));
    assertEquals(Optional.of(own), conv.spec(Point.operand("conv", 2)));
    Network dense =
        new Network()
            .constant("w", 64, 4)
            .constant("v", 4, 64)
            .node("mul", "MatMul", List.of("x", "w"), "m")
            .node("gemm", "Gemm", List.of("m", "v"), "y");
    AnnotatedGraph products = inBlocks(dense);
    assertEquals(Optional.of(blocks(0)), products.spec(Point.operand("mul", 1)));
    assertEquals(Optional.of(blocks(0)), products.spec(Point.operand("gemm", 1)));
  }

  @Test
  void aLargerKernelHasAScaleForEachChannelBesideBlocks() {
    AnnotatedGraph annotated = inBlocks(convRelu());
    assertEquals(Optional.of("conv"), annotated.nodes().get("conv").rule());
    assertEquals(
        Optional.of(symmetric(Storage.INT8, 7).withGranularity(new Granularity.PerChannel(0))),
        annotated.spec(Point.operand("conv", 1)));
    assertEquals(Optional.of(bias()), annotated.spec(Point.operand("conv", 2)));
  }

  @ParameterizedTest
  @CsvSource({
    "Sigmoid, 8, 0.00390625, 0",
    "HardSigmoid, 8, 0.00390625, 0",
    "Sigmoid, 16, 1.5258789E-5, 0",
    "Tanh, 16, 3.0517578E-5, 32768"
  })
  void aResultBetweenKnownBordersHasAFixedScale(
      String op, String bits, float scale, long zeroPoint) {
    QuantizedType type = bits.equals("8") ? UINT8 : UINT16;
    AnnotatedGraph annotated =
        annotated(new Network().node("f", op, List.of("x"), "y"), "activation-bits", bits);
    assertEquals(Optional.of(activation(type)), annotated.spec(Point.operand("f", 0)));
    assertEquals(
        Optional.of(QuantizationSpec.Fixed.of(type, scale, zeroPoint)),
        annotated.spec(Point.result("f", 0)));
  }

  @Test
  void tanhOf8BitsIsObserved() {
    AnnotatedGraph annotated = annotated(new Network().node("f", "Tanh", List.of("x"), "y"));
    assertEquals(Optional.of(activation(UINT8)), annotated.spec(Point.result("f", 0)));
  }

  @Test
  void theSecondFactorOf16BitsIsSymmetric() {
    Network network = new Network().node("product", "MatMul", List.of("x", "z"), "y");
    assertEquals(
        Optional.of(activation(UINT8)), annotated(network).spec(Point.operand("product", 1)));
    assertEquals(
        Optional.of(symmetric(Storage.INT16, 32767)),
        annotated(network, "activation-bits", "16").spec(Point.operand("product", 1)));
  }

  @Test
  void allPartsOfAConcatAndItsResultHaveOneScale() {
    Network network =
        new Network()
            .node("left", "Relu", List.of("x"), "l")
            .node("right", "Add", List.of("x", "z"), "r")
            .node("cat", "Concat", List.of("l", "r"), "y", Attribute.of("axis", 1L));
    ResolvedGraph resolved = Resolution.resolve(annotated(network));
    assertEquals(
        List.of(
            Point.operand("cat", 0),
            Point.operand("cat", 1),
            Point.result("cat", 0),
            Point.result("left", 0),
            Point.result("right", 0)),
        resolved.group(Point.result("cat", 0)).orElseThrow().points().stream().sorted().toList());
  }

  @Test
  void theBiasOfAGroupedTransposedConvolutionHasTheScalesOfItsChannels() {
    Network network =
        new Network()
            .constant("w", 3, 2, 2, 2)
            .constant("b", 6)
            .node("up", "ConvTranspose", List.of("x", "w", "b"), "y", Attribute.of("group", 3L));
    AnnotatedGraph annotated = annotated(network);
    assertEquals(
        Optional.of(symmetric(Storage.INT8, 127).withGranularity(new Granularity.PerChannel(1))),
        annotated.spec(Point.operand("up", 1)));
    assertEquals(
        Optional.of(
            new QuantizationSpec.Derived(
                QuantizedType.of(Storage.INT32),
                Derivation.named("qnn-repeated-scales"),
                List.of(Point.operand("up", 0), Point.operand("up", 1)))),
        annotated.spec(Point.operand("up", 2)));
  }

  /** Two groups of three channels: six scales from three. */
  @Test
  void theScalesOfTheWeightRepeatForEachGroup() {
    DerivationKind repeated = new QnnProvider().derivations().get(0);
    DerivationContext.Source input = source(0.5f);
    DerivationContext.Source weight = source(1, 2, 4);
    DerivationContext context =
        new DerivationContext() {
          @Override
          public Derivation derivation() {
            return Derivation.named(repeated.name());
          }

          @Override
          public QuantizedType type() {
            return QuantizedType.of(Storage.INT32);
          }

          @Override
          public Node node() {
            return Node.of("up", OpType.onnx("ConvTranspose"), List.of(), List.of("y"));
          }

          @Override
          public Optional<Shape> shape() {
            return Optional.of(Shape.of(6));
          }

          @Override
          public List<DerivationContext.Source> sources() {
            return List.of(input, weight);
          }
        };
    assertEquals(6, repeated.count(context));
    float[] expected = {0.5f, 1, 2, 0.5f, 1, 2};
    for (int channel = 0; channel < expected.length; channel++) {
      assertEquals(expected[channel], repeated.scale(context, channel), "channel " + channel);
    }
  }

  private static DerivationContext.Source source(float... scales) {
    return new DerivationContext.Source() {
      @Override
      public QuantizationParameters parameters() {
        return QuantizationParameters.of(scales, new long[scales.length]);
      }

      @Override
      public QuantizedType type() {
        return QuantizedType.of(Storage.INT8);
      }

      @Override
      public Optional<Shape> shape() {
        return Optional.empty();
      }
    };
  }

  private static Network convRelu() {
    return new Network()
        .constant("w", 4, 3, 3, 3)
        .constant("b", 4)
        .node("conv", "Conv", List.of("x", "w", "b"), "c")
        .node("relu", "Relu", List.of("c"), "y");
  }

  private static AnnotatedGraph annotated(Network network, String... options) {
    return network.annotated("qnn", new QnnProvider().create(Options.of(options)));
  }

  private static QuantizationSpec activation(QuantizedType type) {
    return QuantizationSpec.Observed.of(type).withScheme(Scheme.affine().withProfile(ARITHMETIC));
  }

  private static QuantizationSpec.Observed symmetric(Storage storage, int limit) {
    return QuantizationSpec.Observed.of(new QuantizedType(storage, -limit, limit))
        .withScheme(Scheme.symmetric().withProfile(ARITHMETIC));
  }

  private static QuantizationSpec bias() {
    return new QuantizationSpec.Derived(
        QuantizedType.of(Storage.INT32),
        Derivation.productOfScales(),
        List.of(Point.operand("conv", 0), Point.operand("conv", 1)));
  }
}
