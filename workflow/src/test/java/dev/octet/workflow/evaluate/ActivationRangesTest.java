package dev.octet.workflow.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.rules.IntegerTypes;
import dev.octet.annotation.rules.StaticIntegerRules;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import dev.octet.kernels.execute.ReferenceRuntime;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.normalise.Models;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.run.NamedRuntime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How values inside of a model fit the ranges that calibration found for them. */
class ActivationRangesTest {

  private static final NamedRuntime CPU = NamedRuntime.of("cpu", new ReferenceRuntime());
  private static final Execution ONE = Execution.threads(1);

  /** s is 10 x, y twice as much. */
  private static Model model() {
    return new Models()
        .samples("x", 4)
        .constant(
            "w", Tensor.of(new float[] {10, 0, 0, 0, 0, 10, 0, 0, 0, 0, 10, 0, 0, 0, 0, 10}, 4, 4))
        .node("grow", "MatMul", List.of("x", "w"), "s")
        .node("twice", "Add", List.of("s", "s"), "y")
        .output("y", 2)
        .model(13);
  }

  /** Rows of 4 elements from -most to most. */
  private static DataSource rows(Model model, int count, float most) {
    float[] values = new float[count * 4];
    for (int i = 0; i < values.length; i++) {
      values[i] = most * (2f * i / (values.length - 1) - 1);
    }
    return DataSource.of(model.graph(), Map.of("x", Tensor.of(values, count, 4)));
  }

  private static Model quantized(Model model, float most) {
    IntegerTypes types =
        new IntegerTypes(
            QuantizedType.of(Storage.INT8),
            new QuantizedType(Storage.INT8, -127, 127),
            ObserverSpec.minMax());
    Plan plan =
        Quantization.plan(
            QuantizationRequest.of(
                model,
                QuantizerProvider.of("cpu", StaticIntegerRules.of("test", types).quantizer())));
    return Quantization.convert(plan, Quantization.calibrate(plan, rows(model, 25, most), ONE))
        .model();
  }

  private static Evaluation evaluated(float calibrated, float most) {
    Model model = model();
    return Evaluation.of(CPU, quantized(model, calibrated), model, rows(model, 25, most), ONE);
  }

  private static List<String> ids(Evaluation evaluation) {
    return evaluation.report().findings().stream().map(Finding::id).toList();
  }

  @Test
  void valuesThatFitAreNothingToSay() {
    Evaluation evaluation = evaluated(1, 1);
    assertEquals(List.of("s", "y"), evaluation.activations().stream().map(a -> a.value()).toList());
    for (ActivationRange each : evaluation.activations()) {
      assertEquals(0, each.fit().clipped(), each.value());
      assertEquals(100, each.fit().elements());
      assertEquals(1, each.fit().used(), 0.01);
    }
    assertEquals(List.of(), ids(evaluation));
  }

  @Test
  void valuesBeyondWhatCalibrationSawAreCountedAndNamed() {
    Evaluation evaluation = evaluated(1, 2);
    ActivationRange inner = evaluation.activations().get(0);
    assertEquals("grow", inner.node());
    // From -20 to 20 in 100 steps; beyond 10.04 the integers are clamped.
    assertEquals(50, inner.fit().clipped());
    assertEquals(-20, inner.fit().dataMin());
    assertEquals(20, inner.fit().dataMax());
    assertEquals(List.of("OCT-CLI-103", "OCT-CLI-106"), ids(evaluation));
    Finding finding = evaluation.report().findings().get(1);
    assertEquals("grow", finding.node().orElseThrow());
    assertTrue(
        finding
            .message()
            .startsWith(
                "More than 1 % of the elements of 2 values inside of the model are clipped: 's'"
                    + " 50.00 %, 'y' 50.00 %."),
        finding.message());
  }

  @Test
  void valuesThatUseFewStepsAreNamed() {
    Evaluation evaluation = evaluated(100, 1);
    assertEquals(List.of("OCT-CLI-104", "OCT-CLI-107"), ids(evaluation));
    Finding finding = evaluation.report().findings().get(1);
    assertTrue(
        finding
            .message()
            .startsWith(
                "Less than a tenth of the range is covered by 2 values inside of the model: 's' 1.0"
                    + " %, 'y' 1.0 %."),
        finding.message());
  }

  @Test
  void aReferenceThatIsQuantizedTooHasNoValuesToHold() {
    Model model = model();
    Model quantized = quantized(model, 1);
    Evaluation same = Evaluation.of(CPU, quantized, quantized, rows(model, 25, 2), ONE);
    assertEquals(List.of(), same.activations());
    Evaluation alone = Evaluation.of(CPU, quantized, rows(model, 25, 2), ONE);
    assertEquals(List.of(), alone.activations());
  }

  @Test
  void figuresDoNotDependOnTheValuesThatAreLookedAt() {
    Model model = model();
    Model quantized = quantized(model, 1);
    Evaluation by = Evaluation.withLayers(CPU, quantized, model, rows(model, 25, 2), ONE);
    Evaluation without = Evaluation.of(CPU, quantized, model, rows(model, 25, 2), ONE);
    assertEquals(without.sqnrDb(), by.sqnrDb());
    assertEquals(without.activations(), by.activations());
  }

  @Test
  void whatLiesBelowTheRangeOfLogitsIsItsEnd() {
    IntegerRange range = new IntegerRange(0.05f, 127, 0, 255);
    for (float masked : new float[] {-1e4f, -1e9f, Float.NEGATIVE_INFINITY}) {
      WatchedRange watched = new WatchedRange("add", range, true, true);
      watched.add(Tensor.of(new float[] {masked, 0, 1, 6}, 1, 4));
      ActivationRange seen = watched.seen("v").orElseThrow();
      assertEquals(0, seen.fit().clipped());
      assertEquals((float) range.least(), seen.fit().dataMin());
      assertTrue(seen.rounding().orElseThrow().decibels() > 40, seen.toString());
      assertEquals(4, seen.rowLength());
    }
    WatchedRange watched = new WatchedRange("add", range, true, false);
    watched.add(Tensor.of(new float[] {100, 0}, 2));
    assertEquals(1, watched.seen("v").orElseThrow().fit().clipped());
  }

  @Test
  void endsOfARangeAreThoseThatRoundIntoIt() {
    for (IntegerRange range :
        List.of(
            new IntegerRange(0.1f, -3, -128, 127),
            new IntegerRange(0x1p-40, 0, 0, 255),
            new IntegerRange(3e36f, 0, -128, 127))) {
      for (float x :
          new float[] {
            0,
            -0f,
            1e-38f,
            -12.5f,
            -12.55f,
            -12.56f,
            13.05f,
            13.06f,
            3e38f,
            -3e38f,
            Float.NEGATIVE_INFINITY,
            Float.POSITIVE_INFINITY
          }) {
        WatchedRange watched = new WatchedRange("n", range, false, true);
        watched.add(Tensor.of(new float[] {x, Float.NaN}, 2));
        ActivationRange seen = watched.seen("v").orElseThrow();
        boolean clamped = range.widened().clips(x);
        assertEquals(clamped ? 1 : 0, seen.fit().clipped(), x + " in " + range);
        assertEquals(1, seen.fit().elements());
      }
    }
  }
}
