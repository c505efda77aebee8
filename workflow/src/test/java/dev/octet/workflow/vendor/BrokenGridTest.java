package dev.octet.workflow.vendor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.ErrorKind;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Tensor;
import dev.octet.api.option.Options;
import dev.octet.api.provider.Capability;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.ObserverPlan;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.ScaleGrid;
import dev.octet.api.spec.ScaleGridKind;
import dev.octet.api.spec.Scheme;
import dev.octet.api.spec.Storage;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.calibrate.Observers;
import dev.octet.workflow.normalise.Models;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class BrokenGridTest {

  private static final QuantizationSpec.Observed SPEC =
      QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT8))
          .withScheme(Scheme.affine().withGrid(ScaleGrid.named("acme-grid")));

  private record Grid(String name, UnaryOperator<Float> rounding) implements ScaleGridKind {
    @Override
    public String documentation() {
      return "A grid.";
    }

    @Override
    public float atLeast(float scale) {
      return rounding.apply(scale);
    }
  }

  private record Acme(Quantizer quantizer, List<ScaleGridKind> scaleGrids)
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

  private static Observers observers(ScaleGridKind... grids) {
    return Observers.standard().with(new Acme(context -> {}, Arrays.asList(grids)));
  }

  private static void assertFails(String words, UnaryOperator<Float> rounding) {
    Observers observers = observers(new Grid("acme-grid", rounding));
    OctetException e =
        assertThrows(OctetException.class, () -> observers.rule(SPEC).choose(0f, 255f));
    assertEquals("OCT-REG-006", e.id());
    assertEquals(ErrorKind.BACKEND, e.kind());
    assertTrue(e.getMessage().contains("scale grid 'acme-grid' of backend 'acme'"), e.getMessage());
    assertTrue(e.getMessage().contains(words), e.getMessage());
  }

  @Test
  void laysToTheBackendWhatItsGridDoesWrong() {
    assertFails("at least 1.0 is 0.5, which is below it", scale -> scale / 2);
    assertFails("is NaN", scale -> Float.NaN);
    assertFails("is 2.0, and at least that is 4.0", scale -> scale * 2);
    assertFails(
        "no table",
        scale -> {
          throw new IllegalStateException("no table");
        });
  }

  @Test
  void aGridWithoutALargeEnoughScaleIsNoFailureOfTheBackend() {
    Observers observers = observers(new Grid("acme-grid", scale -> Float.POSITIVE_INFINITY));
    OctetException e =
        assertThrows(OctetException.class, () -> observers.rule(SPEC).choose(0f, 255f));
    assertEquals("OCT-QUANT-002", e.id());
  }

  @Test
  void refusesANameThatIsTakenOrNone() {
    Grid own = new Grid("power-of-two", scale -> scale);
    Grid once = new Grid("acme-grid", scale -> scale);
    assertEquals("OCT-CAL-026", assertThrows(OctetException.class, () -> observers(own)).id());
    OctetException twice = assertThrows(OctetException.class, () -> observers(once, once));
    assertEquals("OCT-CAL-026", twice.id());
    assertTrue(twice.getMessage().contains("which backend 'acme' has already"), twice.getMessage());
    assertEquals(
        "OCT-REG-006",
        assertThrows(OctetException.class, () -> observers(new Grid("Acme", scale -> scale))).id());
    assertEquals(
        "OCT-REG-006",
        assertThrows(OctetException.class, () -> observers((ScaleGridKind) null)).id());
  }

  @Test
  void refusesAFixedScaleThatTakesThePlaceOfAScaleOfAGrid() {
    QuantizedType int8 = QuantizedType.of(Storage.INT8);
    QuantizationSpec observed =
        QuantizationSpec.Observed.of(int8)
            .withScheme(Scheme.affine().withGrid(ScaleGrid.powersOfTwo()));
    for (float scale : new float[] {0.25f, 0.3f}) {
      Quantizer quantizer =
          new Quantizer() {
            @Override
            public void annotate(AnnotationContext context) {
              context.claim("relu", context.graph().nodes());
              context.markOperand(context.graph().nodes().get(0), 0, observed);
            }

            @Override
            public void adjustObservers(ObserverPlan plan) {
              plan.replace(0, QuantizationSpec.Fixed.of(int8, scale, 0));
            }
          };
      QuantizationRequest request =
          QuantizationRequest.of(
              new Models()
                  .input("x", 2)
                  .constant("unused", Tensor.of(new float[] {1f}, 1))
                  .node("relu", "Relu", List.of("x"), "y")
                  .output("y", 1)
                  .model(21),
              new Acme(quantizer, List.of()));
      if (scale == 0.25f) {
        assertEquals(1, Quantization.plan(request).groups().size());
      } else {
        OctetException e = assertThrows(OctetException.class, () -> Quantization.plan(request));
        assertEquals("OCT-PLAN-026", e.id());
        assertTrue(e.getMessage().contains("scales on power-of-two"), e.getMessage());
        assertTrue(e.getMessage().contains("scale [0.3]"), e.getMessage());
      }
    }
  }
}
