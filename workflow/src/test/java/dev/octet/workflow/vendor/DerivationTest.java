package dev.octet.workflow.vendor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.observer.Extremes;
import dev.octet.api.option.Options;
import dev.octet.api.provider.Capability;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.Parallelism;
import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.DerivationContext;
import dev.octet.api.spec.DerivationKind;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.ScaleGrid;
import dev.octet.api.spec.Scheme;
import dev.octet.api.spec.Storage;
import dev.octet.kernels.execute.ReferenceRuntime;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.calibrate.GroupStatistics;
import dev.octet.workflow.calibrate.ListSource;
import dev.octet.workflow.calibrate.SeenSamples;
import dev.octet.workflow.convert.QuantizedModel;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.normalise.Models;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlanDocument;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Parameters that a backend derives in its own way, and biases of 48 and 64 bits. */
class DerivationTest {

  private static final Derivation REPEATED = Derivation.named("acme-repeated");

  /** Each scale of the weight serves the output channels of one group of a convolution. */
  private record Repeated(long zeroPoint, Optional<QuantizedType> stored)
      implements DerivationKind {

    Repeated(long zeroPoint) {
      this(zeroPoint, Optional.empty());
    }

    @Override
    public QuantizedType storedType(DerivationContext context) {
      return stored.orElse(context.type());
    }

    @Override
    public String name() {
      return REPEATED.name();
    }

    @Override
    public String documentation() {
      return "The scale of the input times that of the group of the channel.";
    }

    @Override
    public int count(DerivationContext context) {
      return Math.toIntExact(
          context.shape().orElseThrow().dimensions().get(0).known().orElseThrow());
    }

    @Override
    public long zeroPoint(DerivationContext context, int index) {
      return zeroPoint;
    }

    @Override
    public float scale(DerivationContext context, int index) {
      int groups = (int) context.node().intAttribute("group", 1);
      int each = count(context) / groups;
      return context.sources().get(0).scale(0) * context.sources().get(1).scale(index / each);
    }
  }

  private record Acme(Quantizer quantizer, List<DerivationKind> derivations)
      implements QuantizerProvider {
    @Override
    public String name() {
      return "acme";
    }

    @Override
    public String description() {
      return "a backend";
    }

    @Override
    public List<Capability> capabilities(Options options) {
      return List.of();
    }

    @Override
    public Quantizer create(Options options) {
      return quantizer;
    }
  }

  private static Quantizer quantizer(
      QuantizedType activation, QuantizedType bias, Derivation derivation) {
    QuantizationSpec.Observed input =
        QuantizationSpec.Observed.of(activation)
            .withScheme(
                activation.storage() == Storage.INT8 ? Scheme.affine() : Scheme.symmetric());
    QuantizationSpec.Observed weight =
        QuantizationSpec.Observed.of(new QuantizedType(Storage.INT8, -127, 127))
            .withScheme(Scheme.symmetric())
            .withGranularity(new Granularity.PerChannel(0));
    return context -> {
      Node node = context.graph().nodes().get(0);
      context.claim("convolution", List.of(node));
      context.markOperand(node, 0, input);
      context.markOperand(node, 1, weight);
      context.markOperand(
          node,
          2,
          new QuantizationSpec.Derived(
              bias,
              derivation,
              List.of(Point.operand(node.name(), 0), Point.operand(node.name(), 1))));
    };
  }

  private static Model transposed(float... bias) {
    return new Models()
        .samples("x", 3, 1, 1)
        .constant("w", Tensor.of(new float[] {127, 1, 2, 254, -63.5f, 0}, 3, 2, 1, 1))
        .vector("b", bias)
        .node("up", "ConvTranspose", List.of("x", "w", "b"), "y", Attribute.of("group", 3L))
        .output("y", 4)
        .model(21);
  }

  private static Model dense(float weight, float bias) {
    return new Models()
        .samples("x", 1, 1, 1)
        .constant("w", Tensor.of(new float[] {weight}, 1, 1, 1, 1))
        .vector("b", bias)
        .node("conv", "Conv", List.of("x", "w", "b"), "y")
        .output("y", 4)
        .model(21);
  }

  private static QuantizedModel converted(
      Model model, QuantizerProvider provider, float[] samples, int channels) {
    Plan plan = Quantization.plan(QuantizationRequest.of(model, provider));
    Plan again =
        Quantization.bind(PlanDocument.fromTree(plan.document().toTree()), model, provider);
    ListSource data = new ListSource(samples, OptionalInt.empty(), channels, 1, 1);
    return Quantization.convert(again, Quantization.calibrate(again, data, Execution.threads(1)));
  }

  /** Converts with a range of the only observed value; the kernels have no ConvTranspose. */
  private static QuantizedModel upsampled(float... bias) {
    return upsampled(new Repeated(0), bias);
  }

  private static QuantizedModel upsampled(DerivationKind repeated, float... bias) {
    QuantizedType int8 = QuantizedType.of(Storage.INT8);
    QuantizerProvider acme =
        new Acme(quantizer(int8, QuantizedType.of(Storage.INT32), REPEATED), List.of(repeated));
    Plan plan = Quantization.plan(QuantizationRequest.of(transposed(bias), acme));
    GroupStatistics seen =
        new GroupStatistics(
            plan.observedGroups().get(0), List.of(3L), List.of(new Extremes(0f, 255f, 3, 0, 0)));
    return Quantization.convert(
        plan,
        new Calibration(plan.prepared().preparedHash(), SeenSamples.unknown(1), List.of(seen)));
  }

  private static Tensor constant(QuantizedModel model, String name) {
    Tensor tensor = model.model().graph().initializers().get(name);
    assertTrue(tensor != null, () -> model.model().graph().initializers().keySet().toString());
    return tensor;
  }

  @Test
  void sixBiasScalesComeFromThreeOfTheWeight() {
    QuantizedModel model = upsampled(10, -3, 7, 5, 1, -1);
    // The scale of x is 1; those of the weight are 1, 2 and 0.5.
    assertArrayEquals(new float[] {1, 2, 0.5f}, constant(model, "w_scale").floats());
    assertArrayEquals(new float[] {1, 1, 2, 2, 0.5f, 0.5f}, constant(model, "b_scale").floats());
    // 7 / 2 and 5 / 2 are ties.
    assertArrayEquals(new int[] {10, -3, 4, 2, 2, -2}, constant(model, "b_quantized").int32s());
  }

  @Test
  void makesRoomInTheGroupThatTheBiasBelongsTo() {
    QuantizedModel model = upsampled(0, 0, 0, 0, 0, 0x1p31f);
    float[] scales = constant(model, "w_scale").floats();
    assertArrayEquals(new float[] {1, 2}, new float[] {scales[0], scales[1]});
    // A product of 255 and 127 has room beside it: 2^31 / s <= 2^31 - 1 - 32385, a multiple of 128.
    assertEquals(1 + 127 * 0x1p-23f, scales[2]);
    assertTrue(
        model.report().findings().stream().anyMatch(f -> f.id().equals("OCT-CONV-101")),
        model.report().findings().toString());
  }

  @Test
  void aDerivationStoresMoreBitsThanThePlanDecides() {
    Repeated wide = new Repeated(0, Optional.of(QuantizedType.int48()));
    QuantizedModel model = upsampled(wide, 10, -3, 7, 5, 1, 0x1p45f);
    assertArrayEquals(new float[] {1, 2, 0.5f}, constant(model, "w_scale").floats());
    assertArrayEquals(
        new long[] {10, -3, 4, 2, 2, 1L << 46}, constant(model, "b_quantized").integers());
    assertEquals(DataType.INT64, constant(model, "b_quantized").dataType());
  }

  @Test
  void aDerivationStoresNoFewerBitsThanThePlanDecides() {
    for (QuantizedType narrow :
        List.of(QuantizedType.of(Storage.INT16), QuantizedType.of(Storage.INT8))) {
      Repeated kind = new Repeated(0, Optional.of(narrow));
      OctetException e =
          assertThrows(OctetException.class, () -> upsampled(kind, 10, -3, 7, 5, 1, -1));
      assertEquals("OCT-REG-006", e.id());
      assertTrue(e.getMessage().contains("derivation 'acme-repeated'"), e.getMessage());
      assertTrue(e.getMessage().contains("which is narrower"), e.getMessage());
    }
  }

  /** {@link Repeated} on a grid, which refuses what it costs or does not. */
  private record Strict(Optional<ScaleGrid> allowed, boolean refusesLoss)
      implements DerivationKind {

    @Override
    public String name() {
      return REPEATED.name();
    }

    @Override
    public String documentation() {
      return "As repeated.";
    }

    @Override
    public int count(DerivationContext context) {
      return new Repeated(0).count(context);
    }

    @Override
    public float scale(DerivationContext context, int index) {
      return new Repeated(0).scale(context, index);
    }

    @Override
    public ScaleGrid grid(DerivationContext context) {
      return allowed.orElseThrow();
    }

    @Override
    public boolean refusesLoss(DerivationContext context) {
      return refusesLoss;
    }
  }

  /** Those of the conversion; the calibration saw one sample, and says so. */
  private static List<Finding> findings(QuantizedModel model) {
    return model.report().findings().stream().filter(f -> f.id().contains("CONV")).toList();
  }

  @Test
  void aDerivationOfABackendAsksForAGridAndRefusesWhatIsLost() {
    ScaleGrid twos = ScaleGrid.multiplesOf(2);
    QuantizedModel told = upsampled(new Strict(Optional.of(twos), false), 10, -3, 7, 5, 1, -1);
    Finding finding = findings(told).get(0);
    assertEquals("OCT-CONV-110", finding.id());
    assertTrue(
        finding.message().contains("4 of 6 scales are not of the grid 'multiple-of 2.0'"),
        finding.message());
    assertEquals(
        "OCT-CONV-027",
        assertThrows(
                OctetException.class,
                () -> upsampled(new Strict(Optional.of(twos), true), 10, -3, 7, 5, 1, -1))
            .id());
    Strict any = new Strict(Optional.of(ScaleGrid.any()), true);
    assertEquals(List.of(), findings(upsampled(any, 10, -3, 7, 5, 1, -1)));
    OctetException clipped =
        assertThrows(OctetException.class, () -> upsampled(any, 0, 0, 0, 0, 0, 0x1p32f));
    assertEquals("OCT-CONV-026", clipped.id());
    assertTrue(clipped.fact().contains("'b' of node 'up'"), clipped.fact());
  }

  @Test
  void aDerivationThatFailsToTellItsGridIsNamed() {
    OctetException e =
        assertThrows(
            OctetException.class,
            () -> upsampled(new Strict(Optional.empty(), false), 10, -3, 7, 5, 1, -1));
    assertEquals("OCT-REG-006", e.id());
    assertTrue(e.getMessage().contains("grid"), e.getMessage());
  }

  @Test
  void anInt32HasNoOtherZeroPointThanZero() {
    OctetException e =
        assertThrows(OctetException.class, () -> upsampled(new Repeated(1), 10, -3, 7, 5, 1, -1));
    assertEquals("OCT-CONV-016", e.id());
    assertTrue(e.getMessage().contains("acme-repeated"), e.getMessage());
  }

  @Test
  void aDerivationThatTheBackendDoesNotBringIsNamedWhenThePlanIsMade() {
    QuantizerProvider acme =
        new Acme(
            quantizer(QuantizedType.of(Storage.INT8), QuantizedType.of(Storage.INT32), REPEATED),
            List.of());
    QuantizationRequest request = QuantizationRequest.of(transposed(1, 1, 1, 1, 1, 1), acme);
    OctetException e = assertThrows(OctetException.class, () -> Quantization.plan(request));
    assertEquals("OCT-CAL-027", e.id());
    assertEquals(List.of("product-of-scales"), e.candidates());
    OctetException twice =
        assertThrows(
            OctetException.class,
            () ->
                Quantization.plan(
                    QuantizationRequest.of(
                        transposed(1, 1, 1, 1, 1, 1),
                        new Acme(context -> {}, List.of(new Repeated(0), new Repeated(0))))));
    assertEquals("OCT-CAL-028", twice.id());
  }

  private static QuantizedModel wide(QuantizedType bias, float value) {
    QuantizedType int16 = new QuantizedType(Storage.INT16, -32767, 32767);
    QuantizerProvider acme =
        new Acme(quantizer(int16, bias, Derivation.productOfScales()), List.of());
    // The scales are 1 and 2^-10.
    return converted(dense(127 * 0x1p-10f, value), acme, new float[] {-32767, 5, 32767}, 1);
  }

  @Test
  void aBiasOf64BitsIsStoredAsItIsAndCastAndMultiplied() {
    for (QuantizedType type : List.of(QuantizedType.of(Storage.INT64), QuantizedType.int48())) {
      QuantizedModel model = wide(type, 1e9f);
      Tensor stored = constant(model, "b_quantized");
      assertEquals(DataType.INT64, stored.dataType());
      assertArrayEquals(new long[] {1_024_000_000_000L}, stored.integers());
      assertEquals(0x1p-10f, constant(model, "b_scale").floats()[0]);
      Graph graph = model.model().graph();
      assertEquals("b_dequantized", graph.node("conv").orElseThrow().operands().get(2));
      assertEquals(List.of("b_cast", "b_scale"), graph.node("b_Mul").orElseThrow().operands());
      try (ExecutableModel loaded =
          new ReferenceRuntime().load(LoadRequest.of(model.model(), Parallelism.threads(1)))) {
        float[] y =
            loaded.run(Map.of("x", Tensor.of(new float[] {8192}, 1, 1, 1, 1))).get("y").floats();
        // 8192 * 127 / 1024 = 1016, exactly; the sum is rounded to float32.
        assertEquals((float) (1016 + 1e9), y[0]);
      }
    }
  }

  @Test
  void roomIsMadeWhereABiasLeaves48Bits() {
    QuantizedModel model = wide(QuantizedType.int48(), 1e12f);
    long stored = constant(model, "b_quantized").integers()[0];
    assertTrue(stored <= (1L << 47) - 1 && stored > (1L << 47) - (1L << 25), "bias " + stored);
    assertTrue(constant(model, "w_scale").floats()[0] > 0x1p-10f);
    assertTrue(
        model.report().findings().get(0).message().contains("would leave int64[-140737488355328"),
        model.report().findings().toString());
    QuantizedModel whole = wide(QuantizedType.of(Storage.INT64), 1e12f);
    assertEquals(0x1p-10f, constant(whole, "w_scale").floats()[0]);
    assertEquals((long) (1e12f * 1024.0), constant(whole, "b_quantized").integers()[0]);
  }

  @Test
  void anInt64IsNotObserved() {
    QuantizedType int64 = QuantizedType.of(Storage.INT64);
    assertThrows(IllegalArgumentException.class, () -> QuantizationSpec.Observed.of(int64));
  }
}
