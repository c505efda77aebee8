package dev.octet.workflow.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.ParameterPlan;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Scheme;
import dev.octet.api.spec.Storage;
import dev.octet.workflow.MarkingQuantizer;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.normalise.Models;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is said, and what is refused, where constants lose something beside other scales. */
class ConstantLossTest {

  private static final QuantizedType INT8 = QuantizedType.of(Storage.INT8);
  private static final QuantizedType INT32 = QuantizedType.of(Storage.INT32);
  private static final Point INPUT = Point.operand("gemm", 0);
  private static final Point WEIGHT = Point.operand("gemm", 1);
  private static final Point BIAS = Point.operand("gemm", 2);
  private static final QuantizationSpec.Observed SYMMETRIC =
      QuantizationSpec.Observed.of(new QuantizedType(Storage.INT8, -127, 127))
          .withScheme(Scheme.symmetric());
  private static final Derivation PRODUCT = Derivation.productOfScales();

  private final Map<Point, QuantizationSpec> marks = new LinkedHashMap<>();

  /** The scale of the input is 1/2. */
  private ConstantLossTest marked(QuantizationSpec weight, QuantizedType bias, Derivation rule) {
    marks.put(INPUT, QuantizationSpec.Fixed.of(INT8, 0.5f, 0));
    marks.put(WEIGHT, weight);
    marks.put(BIAS, new QuantizationSpec.Derived(bias, rule, List.of(INPUT, WEIGHT)));
    return this;
  }

  private static Model model(float[] weight, float... bias) {
    return new Models()
        .input("x", 1, weight.length / bias.length)
        .constant("w", Tensor.of(weight, weight.length / bias.length, bias.length))
        .vector("b", bias)
        .node("gemm", "Gemm", List.of("x", "w", "b"), "y")
        .output("y", 2)
        .model(21);
  }

  private QuantizedModel convert(Model model) {
    return Quantization.convert(MarkingQuantizer.plan(model, marks));
  }

  private static Finding only(QuantizedModel converted) {
    List<Finding> findings = converted.report().findings();
    assertEquals(1, findings.size(), findings.toString());
    return findings.get(0);
  }

  private static Tensor constant(QuantizedModel converted, String name) {
    return converted.model().graph().initializers().get(name);
  }

  @Test
  void aBiasThatFitsIsNothingToSay() {
    marked(SYMMETRIC, INT32, PRODUCT);
    QuantizedModel converted = convert(model(new float[] {127, -1, 2, 3}, 100f, -1e6f));
    assertEquals(List.of(), converted.report().findings());
  }

  @Test
  void aNarrowBiasSaysHowFewStepsItLeavesTheWeights() {
    marked(SYMMETRIC, INT8, PRODUCT);
    // The weight's scale is 1 and that of the bias 1/2; -635 needs 5, ten times as much.
    QuantizedModel converted = convert(model(new float[] {127, -1, 2, 3}, 10f, -635f));
    assertArrayEquals(new float[] {10f}, constant(converted, "w_scale").floats());
    assertArrayEquals(new byte[] {2, -127}, constant(converted, "b_quantized").bytes());
    Finding finding = only(converted);
    assertEquals("OCT-CONV-101", finding.id());
    assertEquals("gemm", finding.node().orElseThrow());
    assertTrue(
        finding
            .message()
            .contains(
                "bias 'b' of node 'gemm' would leave int8 in 1 channel, most in channel 1, whose"
                    + " weights have 25 of 254 steps left"),
        finding.message());
  }

  @Test
  void aBiasLeavesRoomForTheProductsThatRuntimesAddToItInInt32() {
    marked(SYMMETRIC, INT32, PRODUCT);
    int depth = 300;
    float[] weight = new float[depth];
    Arrays.fill(weight, -127f);
    long products = depth * 128L * 127;
    // The scale of the bias is 1/2: it fits, and so would no sum.
    float bias = Math.scalb(0x1p31f - 256, -1);
    QuantizedModel converted = convert(model(weight, bias));
    long stored = constant(converted, "b_quantized").int32s()[0];
    assertTrue(stored + products <= Integer.MAX_VALUE, "bias " + stored);
    assertTrue(stored + products > Integer.MAX_VALUE - 1000, "bias " + stored);
    assertEquals("OCT-CONV-101", only(converted).id());
    float small = Math.scalb(Integer.MAX_VALUE - products - 500f, -1);
    assertEquals(List.of(), convert(model(weight, small)).report().findings());
  }

  @Test
  void aBiasBesideAFixedWeightIsClippedWithAWord() {
    QuantizationSpec fixed = QuantizationSpec.Fixed.of(INT8, 1f, 0);
    for (QuantizedType type : List.of(INT8, INT32)) {
      marked(fixed, type, PRODUCT);
      float most = type.max() / 2f;
      QuantizedModel converted = convert(model(new float[] {1, 2, 3, 4}, 1f, 1000 * most));
      Finding finding = only(converted);
      assertEquals("OCT-CONV-109", finding.id());
      assertEquals("gemm", finding.node().orElseThrow());
      String fact =
          "'b' of node 'gemm' keeps 0.0 dB: 1 of 2 elements lie outside of "
              + type
              + ", most in channel 1, where "
              + 1000 * most
              + " is stored as "
              + most;
      assertTrue(finding.message().contains(fact), finding.message());
    }
  }

  @Test
  void aBiasThatIsOneStepTooLargeIsRoundedAndNotClipped() {
    marked(QuantizationSpec.Fixed.of(INT8, 1f, 0), INT8, PRODUCT);
    assertEquals(
        List.of(), convert(model(new float[] {1, 2}, 64f)).report().findings(), "128 steps");
    assertEquals("OCT-CONV-109", only(convert(model(new float[] {1, 2}, 64.5f))).id(), "129");
  }

  @Test
  void aWeightWithAScaleThatIsTooSmallIsNamed() {
    marked(QuantizationSpec.Fixed.of(INT8, 0.5f, 0), INT32, PRODUCT);
    Finding finding = only(convert(model(new float[] {1, -500, 3, 4}, 0f, 0f)));
    assertEquals("OCT-CONV-109", finding.id());
    assertTrue(
        finding
            .message()
            .contains(
                "'w' of node 'gemm' keeps 1.2 dB: 1 of 4 elements lie outside of int8, most in"
                    + " element 1, where -500.0 is stored as -64.0"),
        finding.message());
  }

  @Test
  void whatAnObserverLeavesOutIsItsChoice() {
    float[] weight = new float[2000];
    Arrays.fill(weight, 1f);
    weight[7] = 1000;
    ObserverSpec percentile = ObserverSpec.percentile(99);
    marked(SYMMETRIC.withObserver(percentile), INT32, PRODUCT);
    QuantizedModel converted = convert(model(weight, 0f));
    assertTrue(constant(converted, "w_scale").floats()[0] < 0.1f);
    assertEquals(List.of(), converted.report().findings());
  }

  @Test
  void aBackendThatSetsTooSmallAScaleIsTold() {
    marked(SYMMETRIC, INT32, PRODUCT);
    MarkingQuantizer marking = new MarkingQuantizer(marks, Set.of());
    Quantizer quantizer =
        new Quantizer() {
          @Override
          public void annotate(AnnotationContext context) {
            marking.annotate(context);
          }

          @Override
          public void adjustParameters(ParameterPlan plan) {
            plan.set(plan.group(WEIGHT).orElseThrow().id(), QuantizationParameters.of(0.01f, 0));
          }
        };
    QuantizedModel converted =
        Quantization.convert(
            Quantization.plan(
                QuantizationRequest.of(
                    model(new float[] {127, -1, 2, 3}, 1f, 1f),
                    QuantizerProvider.of("acme", quantizer))));
    List<String> ids = converted.report().findings().stream().map(Finding::id).toList();
    assertEquals(List.of("OCT-CONV-104", "OCT-CONV-109"), ids);
  }

  @Test
  void aDerivationRefusesWhatItsConstantWouldLose() {
    Derivation strict = PRODUCT.with("loss", "refused");
    marked(SYMMETRIC, INT8, strict);
    OctetException e =
        assertThrows(
            OctetException.class, () -> convert(model(new float[] {127, -1, 2, 3}, 10f, -635f)));
    assertEquals("OCT-CONV-026", e.id());
    assertTrue(e.fact().contains("'b' of node 'gemm'"), e.fact());
    assertTrue(e.fact().contains("-635.0 is stored as -64.0"), e.fact());
    marked(SYMMETRIC, INT32, strict);
    QuantizedModel fits = convert(model(new float[] {127, -1, 2, 3}, 10f, -635f));
    assertArrayEquals(new int[] {20, -1270}, constant(fits, "b_quantized").int32s());
    assertEquals(List.of(), fits.report().findings());
  }

  @Test
  void aDerivedScaleOffItsGridIsNamedAndRefused() {
    Derivation onGrid = PRODUCT.with("grid", "power-of-two");
    Model model = model(new float[] {1, 2, 3, 4}, 10f, -6f);
    marked(QuantizationSpec.Fixed.of(INT8, 0.25f, 0), INT32, onGrid);
    assertEquals(List.of(), convert(model).report().findings());
    marked(QuantizationSpec.Fixed.of(INT8, 0.3125f, 0), INT32, onGrid);
    Finding finding = only(convert(model));
    assertEquals("OCT-CONV-110", finding.id());
    assertEquals("gemm", finding.node().orElseThrow());
    assertTrue(
        finding
            .message()
            .contains(
                "operand 2 of 'gemm': 1 of 1 scale is not of the grid 'power-of-two', most in"
                    + " channel 0, 0.15625, where the next one is 0.25"),
        finding.message());
    marked(QuantizationSpec.Fixed.of(INT8, 0.3125f, 0), INT32, onGrid.with("loss", "refused"));
    OctetException e = assertThrows(OctetException.class, () -> convert(model));
    assertEquals("OCT-CONV-027", e.id());
    assertTrue(e.fact().contains("0.15625"), e.fact());
  }

  @Test
  void aDerivationHasTheParametersThatItsPageNames() {
    Model model = model(new float[] {1, 2, 3, 4}, 10f, -6f);
    Map<Derivation, String> wrong = new LinkedHashMap<>();
    wrong.put(PRODUCT.with("x", "y"), "OCT-CAL-002");
    wrong.put(PRODUCT.with("loss", "accepted"), "OCT-CAL-024");
    wrong.put(PRODUCT.with("grid", "multiple-of"), "OCT-CAL-024");
    wrong.put(PRODUCT.with("grid", "acme-decimal"), "OCT-CAL-025");
    wrong.forEach(
        (rule, id) -> {
          marked(SYMMETRIC, INT32, rule);
          OctetException e = assertThrows(OctetException.class, () -> convert(model));
          assertEquals(id, e.id());
        });
  }

  @Test
  void theWorstFewAreNamedAndTheOthersCounted() {
    Models models = new Models().input("x", 1, 1);
    for (int i = 0; i < 7; i++) {
      models
          .constant("w" + i, Tensor.of(new float[] {1}, 1, 1))
          .vector("b" + i, 100 + 1000f * i)
          .node("gemm" + i, "Gemm", List.of("x", "w" + i, "b" + i), "y" + i)
          .output("y" + i, 2);
      Point input = Point.operand("gemm" + i, 0);
      Point weight = Point.operand("gemm" + i, 1);
      marks.put(input, QuantizationSpec.Fixed.of(INT8, 0.5f, 0));
      marks.put(weight, QuantizationSpec.Fixed.of(INT8, 1f, 0));
      marks.put(
          Point.operand("gemm" + i, 2),
          new QuantizationSpec.Derived(INT8, PRODUCT, List.of(input, weight)));
    }
    String message = only(convert(models.model(21))).message();
    List<String> named = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      if (message.contains("'b" + i + "'")) {
        named.add("b" + i);
      }
    }
    assertEquals(List.of("b2", "b3", "b4", "b5", "b6"), named, message);
    assertTrue(message.endsWith("; and 2 more."), message);
  }
}
