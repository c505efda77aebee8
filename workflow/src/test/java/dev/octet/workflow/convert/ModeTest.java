package dev.octet.workflow.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Scheme;
import dev.octet.api.spec.Storage;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.calibrate.ListSource;
import dev.octet.workflow.calibrate.SeenSamples;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.normalise.Models;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlanDocument;
import dev.octet.workflow.text.JsonText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ModeTest {

  /** first: Relu, which stays static; second: MatMul with a weight. */
  private static Model model() {
    return new Models()
        .input("x", 1, 2)
        .constant("w", Tensor.of(new float[] {1f, -2f, 0.5f, 4f}, 2, 2))
        .node("first", "Relu", List.of("x"), "v")
        .node("second", "MatMul", List.of("v", "w"), "y")
        .output("y", 2)
        .model(21);
  }

  private static Plan plan(Mode activation, Mode weight) {
    Quantizer quantizer = quantizer(activation, weight);
    return Quantization.plan(
        QuantizationRequest.of(model(), QuantizerProvider.of("test", quantizer)));
  }

  private static Quantizer quantizer(Mode activation, Mode weight) {
    return new Quantizer() {
      @Override
      public void annotate(AnnotationContext context) {
        Node first = context.graph().node("first").orElseThrow();
        Node second = context.graph().node("second").orElseThrow();
        context.claim("first", List.of(first));
        context.markOperand(first, 0, spec(Mode.STATIC));
        context.claim("second", List.of(second));
        context.markOperand(second, 0, spec(activation));
        context.markOperand(second, 1, spec(weight));
      }
    };
  }

  private static QuantizationSpec spec(Mode mode) {
    return QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT8)).withMode(mode);
  }

  /** Samples that nobody may read. */
  private static final class Untouchable implements DataSource {
    @Override
    public int size() {
      return 1;
    }

    @Override
    public OptionalInt fixedBatch() {
      return OptionalInt.empty();
    }

    @Override
    public Map<String, Tensor> batch(int from, int count) {
      throw new AssertionError("sample " + from + " was read");
    }

    @Override
    public Optional<int[]> labels() {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }

  private static void assertRefused(Plan plan, String why, String point) {
    Execution execution = Execution.threads(1);
    OctetException calibrating =
        assertThrows(
            OctetException.class, () -> Quantization.calibrate(plan, new Untouchable(), execution));
    Calibration none =
        new Calibration(plan.prepared().preparedHash(), SeenSamples.unknown(1), List.of());
    OctetException converting =
        assertThrows(OctetException.class, () -> Quantization.convert(plan, none));
    for (OctetException e : List.of(calibrating, converting)) {
      assertEquals("OCT-CONV-001", e.id());
      assertTrue(e.fact().startsWith("node 'second' "), e.fact());
      assertTrue(e.fact().contains(why), e.fact());
      assertTrue(e.fact().contains("can be planned"), e.fact());
      assertEquals(Optional.of(point), e.place());
    }
  }

  @Test
  void aQuantizationAwarePointIsPlannedAndNeitherCalibratedNorConverted() {
    Plan activation = plan(Mode.QUANTIZATION_AWARE, Mode.STATIC);
    assertRefused(activation, "in training (mode quantization-aware)", "operand 0 of 'second'");
    Plan weight = plan(Mode.STATIC, Mode.QUANTIZATION_AWARE);
    assertRefused(weight, "in training (mode quantization-aware)", "operand 1 of 'second'");
  }

  @Test
  void aPlanSpellsTheModeAndReadsItBack() {
    Plan plan = plan(Mode.QUANTIZATION_AWARE, Mode.DYNAMIC);
    PlanDocument read = PlanDocument.fromTree(plan.document().toTree());
    assertEquals(plan.document(), read);
    Quantizer quantizer = quantizer(Mode.QUANTIZATION_AWARE, Mode.DYNAMIC);
    assertEquals(
        plan.groups(),
        Quantization.bind(read, model(), QuantizerProvider.of("test", quantizer)).groups());
    assertTrue(JsonText.write(plan.document().toTree()).contains("quantization-aware"));
  }

  @Test
  void aWeightOnlyConstantNeedsNoSampleAndIsConverted() {
    Plan plan = plan(Mode.STATIC, Mode.WEIGHT_ONLY);
    assertEquals(2, plan.observedGroups().size());
    Graph converted = convert(plan);
    Tensor stored = converted.initializers().get("w_quantized");
    assertEquals(DataType.INT8, stored.dataType());
  }

  private static Plan weightOnly(QuantizationSpec spec) {
    Quantizer quantizer =
        new Quantizer() {
          @Override
          public void annotate(AnnotationContext context) {
            Node second = context.graph().node("second").orElseThrow();
            context.claim("dense", List.of(second));
            context.markOperand(second, 1, spec);
          }
        };
    return Quantization.plan(
        QuantizationRequest.of(model(), QuantizerProvider.of("test", quantizer)));
  }

  @Test
  void weightsAloneNeedNoCalibration() {
    QuantizationSpec.Observed spec =
        QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT4))
            .withScheme(Scheme.symmetric())
            .withMode(Mode.WEIGHT_ONLY);
    for (Granularity granularity :
        List.of(
            new Granularity.PerTensor(),
            new Granularity.PerChannel(1),
            new Granularity.PerGroup(0, 1))) {
      Plan plan = weightOnly(spec.withGranularity(granularity));
      QuantizedModel quantized = Quantization.convert(plan);
      Graph graph = quantized.model().graph();
      assertEquals(
          List.of("DequantizeLinear", "Relu", "MatMul"),
          graph.nodes().stream().map(node -> node.op().name()).toList());
      assertEquals(DataType.INT4, graph.initializers().get("w_quantized").dataType());
      assertEquals(List.of(), quantized.report().findings());
    }
  }

  @Test
  void aCalibrationThatIsNotNeededIsTold() {
    Plan plan = weightOnly(spec(Mode.WEIGHT_ONLY));
    Calibration calibration = Quantization.calibrate(plan, new Untouchable(), Execution.threads(1));
    QuantizedModel quantized = Quantization.convert(plan, calibration);
    assertEquals(
        List.of("OCT-CONV-103"), quantized.report().findings().stream().map(Finding::id).toList());
    assertEquals(
        Quantization.convert(plan).model().graph().nodes(), quantized.model().graph().nodes());
  }

  @Test
  void aPlanWithStaticActivationsNeedsACalibration() {
    Plan plan = plan(Mode.STATIC, Mode.WEIGHT_ONLY);
    OctetException e = assertThrows(OctetException.class, () -> Quantization.convert(plan));
    assertEquals("OCT-CONV-020", e.id());
    assertTrue(e.fact().contains("2 groups of the plan, the first is x,"), e.fact());
  }

  @Test
  void aComputedValueIsNoWeightInAnEditedPlan() {
    String text = JsonText.write(plan(Mode.DYNAMIC, Mode.STATIC).document().toTree());
    PlanDocument edited =
        PlanDocument.fromTree(
            JsonText.parse(text.replace("\"dynamic\"", "\"weight-only\""), "plan"));
    Quantizer quantizer = quantizer(Mode.DYNAMIC, Mode.STATIC);
    Plan plan = Quantization.bind(edited, model(), QuantizerProvider.of("test", quantizer));
    OctetException e = assertThrows(OctetException.class, () -> Quantization.convert(plan));
    assertEquals("OCT-CONV-018", e.id());
    assertEquals(
        "node 'second' (rule second) has a point of mode weight-only, but its value is no constant",
        e.fact());
    assertEquals(Optional.of("operand 0 of 'second'"), e.place());
  }

  @Test
  void aQuantizationAwarePlanSaysThatItIsNotConverted() {
    Plan plan = plan(Mode.QUANTIZATION_AWARE, Mode.STATIC);
    assertEquals(List.of("OCT-PLAN-101"), plan.findings().stream().map(Finding::id).toList());
    assertTrue(plan.findings().get(0).message().contains("node 'second'"));
  }

  private static Graph convert(Plan plan) {
    DataSource data = new ListSource(new float[] {1f, -1f, 3f, 2f}, OptionalInt.of(1), 2);
    Calibration calibration = Quantization.calibrate(plan, data, Execution.threads(1));
    return Quantization.convert(plan, calibration).model().graph();
  }
}
