package dev.octet.workflow.vendor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.ErrorKind;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.observer.Extremes;
import dev.octet.api.observer.Range;
import dev.octet.api.option.Options;
import dev.octet.api.provider.Capability;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.ParameterPlan;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.ScaleGrid;
import dev.octet.api.spec.Scheme;
import dev.octet.api.spec.Storage;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.calibrate.GroupStatistics;
import dev.octet.workflow.calibrate.SeenSamples;
import dev.octet.workflow.convert.QuantizedModel;
import dev.octet.workflow.normalise.Models;
import dev.octet.workflow.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A backend whose parameters depend on each other sets them after calibration. */
class ParameterAdjustmentTest {

  private static final QuantizedType INT8 = QuantizedType.of(Storage.INT8);
  private static final int X = 0;
  private static final int WEIGHT = 1;
  private static final int BIAS = 2;
  private static final int Y = 3;
  private static final int SOFT = 4;

  /** x -> Gemm with weight and bias -> Softmax. */
  private static Model model(float... bias) {
    return new Models()
        .samples("x", 2)
        .constant("w", Tensor.of(new float[] {1, -2, 0.5f, 4}, 2, 2))
        .vector("b", bias)
        .node("dense", "Gemm", List.of("x", "w", "b"), "d")
        .node("soft", "Softmax", List.of("d"), "y")
        .output("y", 2)
        .model(21);
  }

  private static QuantizationSpec.Observed spec(Scheme scheme) {
    return QuantizationSpec.Observed.of(INT8).withScheme(scheme);
  }

  /** Marks the groups {@link #X} to {@link #SOFT}; the hook does the rest. */
  private static Quantizer quantizer(Scheme scheme, Consumer<ParameterPlan> hook) {
    return new Quantizer() {
      @Override
      public void annotate(AnnotationContext context) {
        Node dense = context.graph().node("dense").orElseThrow();
        context.claim("dense", List.of(dense));
        context.markOperand(dense, 0, spec(scheme));
        context.markOperand(
            dense, 1, spec(Scheme.symmetric()).withGranularity(new Granularity.PerChannel(1)));
        context.markOperand(
            dense,
            2,
            new QuantizationSpec.Derived(
                QuantizedType.of(Storage.INT32),
                Derivation.productOfScales(),
                List.of(Point.operand("dense", 0), Point.operand("dense", 1))));
        context.markResult(dense, 0, spec(scheme));
        Node soft = context.graph().node("soft").orElseThrow();
        context.claim("soft", List.of(soft));
        context.markOperand(soft, 0, spec(scheme));
        context.markResult(soft, 0, QuantizationSpec.Fixed.of(INT8, 1f / 256, -128));
      }

      @Override
      public void adjustParameters(ParameterPlan plan) {
        hook.accept(plan);
      }
    };
  }

  private static Plan plan(Model model, Quantizer quantizer) {
    return Quantization.plan(
        QuantizationRequest.of(model, QuantizerProvider.of("acme", quantizer)));
  }

  /** What calibration saw: x from -1 to 1.55, d from -2 to 3.1. */
  private static Calibration calibration(Plan plan) {
    List<GroupStatistics> groups =
        plan.observedGroups().stream()
            .map(
                group -> {
                  boolean x = group.values().contains("x");
                  Extremes seen = new Extremes(x ? -1 : -2, x ? 1.55f : 3.1f, 4, 0, 0);
                  return new GroupStatistics(group, List.of(4L), List.of(seen));
                })
            .toList();
    return new Calibration(plan.prepared().preparedHash(), SeenSamples.unknown(2), groups);
  }

  private static QuantizedModel convert(Model model, Quantizer quantizer) {
    Plan plan = plan(model, quantizer);
    return Quantization.convert(plan, calibration(plan));
  }

  private static QuantizedModel convert(Consumer<ParameterPlan> hook) {
    return convert(model(1, -1), quantizer(Scheme.affine(), hook));
  }

  private static OctetException refused(Scheme scheme, Consumer<ParameterPlan> hook) {
    Plan plan = plan(model(1, -1), quantizer(scheme, hook));
    Calibration calibration = calibration(plan);
    return assertThrows(OctetException.class, () -> Quantization.convert(plan, calibration));
  }

  private static OctetException refused(Consumer<ParameterPlan> hook) {
    return refused(Scheme.affine(), hook);
  }

  private static QuantizationParameters parameters(ParameterPlan plan, int group) {
    return plan.groups().get(group).parameters().orElseThrow();
  }

  private static float[] constant(QuantizedModel converted, String name) {
    return converted.model().graph().initializers().get(name).floats();
  }

  private static List<Finding> adjusted(QuantizedModel converted) {
    return converted.report().findings().stream()
        .filter(finding -> finding.id().equals("OCT-CONV-104"))
        .toList();
  }

  /** Makes the scale of y the next whole multiple of that of x. */
  private static void wholeMultiple(ParameterPlan plan) {
    float x = parameters(plan, X).scale(0);
    QuantizationParameters y = parameters(plan, Y);
    plan.set(Y, y.withScale(0, (float) Math.ceil(y.scale(0) / x) * x));
  }

  @Test
  void makesOneScaleAWholeMultipleOfAnother() {
    QuantizedModel plain = convert(plan -> {});
    assertArrayEquals(new float[] {2.55f / 255}, constant(plain, "x_scale"));
    assertArrayEquals(new float[] {5.1f / 255}, constant(plain, "d_scale"));
    assertEquals(List.of(), adjusted(plain));
    QuantizedModel converted =
        convert(
            plan -> {
              plan.set(X, parameters(plan, X).withScale(0, 0.015f));
              wholeMultiple(plan);
            });
    assertArrayEquals(new float[] {0.015f}, constant(converted, "x_scale"));
    assertArrayEquals(new float[] {0.03f}, constant(converted, "d_scale"));
    List<Finding> findings = adjusted(converted);
    assertEquals(2, findings.size());
    assertEquals(
        "Adjusted by backend 'acme': operand 0 of 'dense' has scale 0.015 and zero point -28, and"
            + " calibration gave scale 0.01 and zero point -28.",
        findings.get(0).message());
    assertEquals(Optional.of("dense"), findings.get(1).node());
    assertEquals(0.03f, converted.report().parameters().get(Y).parameters().scale(0));
  }

  @Test
  void saysWhatItAdjustedOfAnInputThatBecomesIntegers() {
    Model model =
        new Models()
            .samples("a", 2)
            .constant("w", Tensor.of(new float[] {1, -2, 0.5f, 4}, 2, 2))
            .node("dense", "Gemm", List.of("a", "w"), "y")
            .output("y", 2)
            .model(21);
    Quantizer quantizer =
        new Quantizer() {
          @Override
          public void annotate(AnnotationContext context) {
            Node dense = context.graph().node("dense").orElseThrow();
            context.claim("dense", List.of(dense));
            context.markOperand(dense, 0, spec(Scheme.affine()));
            context.mark(Point.input("a"), spec(Scheme.affine()));
          }

          @Override
          public void adjustParameters(ParameterPlan plan) {
            plan.set(0, QuantizationParameters.of(1, 0));
          }
        };
    List<Finding> findings = adjusted(convert(model, quantizer));
    assertEquals(1, findings.size());
    assertEquals(Optional.empty(), findings.get(0).node());
    String message = findings.get(0).message();
    assertTrue(
        message.startsWith(
            "Adjusted by backend 'acme': input 'a' has scale 1.0 and zero point 0, and"),
        message);
  }

  @Test
  void seesTheGraphAndEveryGroup() {
    List<ParameterPlan.Group> seen = new ArrayList<>();
    List<Graph> graphs = new ArrayList<>();
    Plan plan =
        plan(
            model(1, -1),
            quantizer(
                Scheme.affine(),
                given -> {
                  graphs.add(given.graph());
                  seen.addAll(given.groups());
                }));
    Quantization.convert(plan, calibration(plan));
    assertEquals(List.of(plan.prepared().model().graph()), graphs);
    assertEquals(List.of(X, WEIGHT, BIAS, Y, SOFT), seen.stream().map(g -> g.id()).toList());
    assertEquals(List.of(Point.result("dense", 0), Point.operand("soft", 0)), seen.get(Y).points());
    assertEquals(List.of(new Range(-1, 1.55f)), seen.get(X).observed());
    assertEquals(List.of(new Range(0.5f, 1), new Range(-2, 4)), seen.get(WEIGHT).observed());
    assertEquals(2, seen.get(WEIGHT).parameters().orElseThrow().count());
    assertEquals(Optional.empty(), seen.get(BIAS).parameters());
    assertEquals(
        Optional.of(QuantizationParameters.of(1f / 256, -128)), seen.get(SOFT).parameters());
    assertEquals(
        List.of(true, true, false, true, false),
        seen.stream().map(ParameterPlan.Group::isAdjustable).toList());
    assertEquals(plan.groups().get(Y).spec(), seen.get(Y).spec());
  }

  @Test
  void seesWhatItHasSetAndNothingThatItDidToACopy() {
    convert(
        plan -> {
          List<ParameterPlan.Group> before = plan.groups();
          plan.set(X, QuantizationParameters.of(1, 0));
          assertEquals(1, parameters(plan, X).scale(0));
          assertEquals(X, plan.group(Point.operand("dense", 0)).orElseThrow().id());
          assertEquals(Optional.empty(), plan.group(Point.result("dense", 1)));
          assertEquals(0.01f, before.get(X).parameters().orElseThrow().scale(0));
        });
  }

  @Test
  void derivesBiasesFromWhatWasSetAndQuantizesConstantsWithIt() {
    QuantizedModel converted =
        convert(
            plan -> {
              plan.set(X, QuantizationParameters.of(0.5f, 0));
              plan.set(WEIGHT, QuantizationParameters.of(new float[] {0.25f, 0.5f}, new long[2]));
            });
    assertArrayEquals(new float[] {0.125f, 0.25f}, constant(converted, "b_scale"));
    Map<String, Tensor> constants = converted.model().graph().initializers();
    assertArrayEquals(new long[] {8, -4}, constants.get("b_quantized").integers());
    assertArrayEquals(new long[] {4, -4, 2, 8}, constants.get("w_quantized").integers());
  }

  @Test
  void makesRoomForABiasAfterwards() {
    QuantizedModel converted =
        convert(
            model(1e6f, 0),
            quantizer(
                Scheme.affine(),
                plan ->
                    plan.set(
                        WEIGHT,
                        QuantizationParameters.of(new float[] {0x1p-20f, 1}, new long[2]))));
    float grown = constant(converted, "w_scale")[0];
    assertTrue(grown > 0x1p-20f, "scale " + grown);
    assertTrue(1e6f / (constant(converted, "x_scale")[0] * grown) < 0x1p31f, "scale " + grown);
    assertEquals(1, adjusted(converted).size());
    assertTrue(converted.report().findings().stream().anyMatch(f -> f.id().equals("OCT-CONV-101")));
  }

  @Test
  void findsTheNextScaleOfAGrid() {
    Scheme powers = Scheme.affine().withGrid(ScaleGrid.powersOfTwo());
    QuantizedModel converted =
        convert(
            model(1, -1),
            quantizer(
                powers,
                plan -> plan.set(X, QuantizationParameters.of(plan.gridScale(X, 0.3f), 0))));
    assertArrayEquals(new float[] {0.5f}, constant(converted, "x_scale"));
    OctetException e = refused(powers, plan -> plan.set(X, QuantizationParameters.of(0.3f, 0)));
    assertEquals("OCT-CONV-023", e.id());
    assertTrue(
        e.fact().contains("to the scale 0.3, which is not on the grid 'power-of-two'"), e.fact());
  }

  @Test
  void refusesAGroupThatThereIsNot() {
    for (int id : new int[] {-1, 5}) {
      OctetException e = refused(plan -> plan.set(id, QuantizationParameters.of(1, 0)));
      assertEquals("OCT-CONV-021", e.id());
      assertEquals(ErrorKind.BACKEND, e.kind());
      assertEquals("adjustParameters names group " + id + ", and there is none", e.fact());
    }
  }

  @Test
  void refusesGroupsThatAreFixedOrDerived() {
    Map<Integer, String> why =
        Map.of(BIAS, "derived from those of others afterwards", SOFT, "fixed");
    why.forEach(
        (id, words) -> {
          OctetException e = refused(plan -> plan.set(id, QuantizationParameters.of(1, 0)));
          assertEquals("OCT-CONV-022", e.id());
          assertTrue(e.fact().endsWith("whose parameters are " + words), e.fact());
        });
  }

  @Test
  void refusesAGroupThatTheModelItselfComputes() {
    Plan plan =
        plan(
            model(1, -1),
            new Quantizer() {
              @Override
              public void annotate(AnnotationContext context) {
                Node dense = context.graph().node("dense").orElseThrow();
                context.claim("dense", List.of(dense));
                context.markOperand(dense, 0, spec(Scheme.affine()).withMode(Mode.DYNAMIC));
              }

              @Override
              public void adjustParameters(ParameterPlan given) {
                given.set(0, QuantizationParameters.of(1, 0));
              }
            });
    OctetException e = assertThrows(OctetException.class, () -> Quantization.convert(plan));
    assertEquals("OCT-CONV-022", e.id());
    assertTrue(e.fact().endsWith("whose parameters are found while the model runs"), e.fact());
  }

  @Test
  void refusesWhatTheTypeHasNoRoomFor() {
    Map<QuantizationParameters, String> given =
        Map.of(
            QuantizationParameters.of(1, 128),
            "the zero point 128, which is not inside int8",
            QuantizationParameters.of(1, -129),
            "the zero point -129, which is not inside int8",
            QuantizationParameters.of(new float[] {1, 1}, new long[2]),
            "2 pairs of scale and zero point, not 1");
    given.forEach(
        (parameters, words) -> {
          OctetException e = refused(plan -> plan.set(X, parameters));
          assertEquals("OCT-CONV-023", e.id());
          assertTrue(e.fact().endsWith(" to " + words), e.fact());
          assertEquals(Optional.of("operand 0 of 'dense'"), e.place());
        });
    OctetException e =
        refused(
            plan ->
                plan.set(WEIGHT, QuantizationParameters.of(new float[] {1, 1}, new long[] {0, 1})));
    assertTrue(e.fact().endsWith("the zero point 1 for a symmetric scheme of int8"), e.fact());
  }

  @Test
  void namesTheBackendWhoseHookFails() {
    OctetException e =
        refused(
            plan -> {
              throw new IllegalStateException("out of luck");
            });
    assertEquals("OCT-REG-006", e.id());
    assertTrue(e.fact().startsWith("backend 'acme' failed in adjustParameters: "), e.fact());
  }

  /** Creates quantizers that count their calls, and sets scales by what they have counted. */
  private static final class Counting implements QuantizerProvider {
    private final AtomicInteger created = new AtomicInteger();
    private final AtomicInteger asked = new AtomicInteger();

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
      created.incrementAndGet();
      AtomicInteger own = new AtomicInteger();
      return quantizer(
          Scheme.affine(),
          plan -> {
            asked.incrementAndGet();
            plan.set(X, QuantizationParameters.of(own.incrementAndGet(), 0));
          });
    }
  }

  @Test
  void isAskedOnceForEachConversionAndNoneOfThemKnowsOfAnother() {
    Counting acme = new Counting();
    Plan plan = Quantization.plan(QuantizationRequest.of(model(1, -1), acme));
    Calibration calibration = calibration(plan);
    assertEquals(0, acme.asked.get());
    for (int conversion = 1; conversion <= 3; conversion++) {
      int created = acme.created.get();
      QuantizedModel converted = Quantization.convert(plan, calibration);
      assertArrayEquals(new float[] {1}, constant(converted, "x_scale"));
      assertEquals(conversion, acme.asked.get());
      assertEquals(created + 1, acme.created.get());
    }
  }

  @Test
  void isRefusedWhenTheCallIsOver() {
    List<ParameterPlan> kept = new ArrayList<>();
    QuantizedModel first = convert(kept::add);
    OctetException e =
        assertThrows(
            OctetException.class, () -> kept.get(0).set(X, QuantizationParameters.of(1, 0)));
    assertEquals("OCT-REG-009", e.id());
    assertEquals(0.01f, first.report().parameters().get(X).parameters().scale(0));
  }
}
