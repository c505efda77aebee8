package dev.octet.kernels.quantize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.spec.NumericProfile;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.ScaleGrid;
import dev.octet.api.spec.Scheme;
import dev.octet.api.spec.Storage;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScaleGridsTest {

  private static final float INFINITY = Float.POSITIVE_INFINITY;
  private static final QuantizedType INT8 = QuantizedType.of(Storage.INT8);

  private static float atLeast(ScaleGrid grid, float scale) {
    return ScaleGrids.own(grid).orElseThrow().atLeast(scale);
  }

  private static ParameterRule rule(Scheme scheme, ScaleGrid grid) {
    return ParameterRule.of(INT8, scheme.withGrid(grid));
  }

  @Test
  void everyFloatIsOnTheGridOfAny() {
    for (float scale : new float[] {Float.MIN_VALUE, 0.3f, 1f, Float.MAX_VALUE}) {
      assertEquals(scale, atLeast(ScaleGrid.any(), scale));
    }
  }

  @Test
  void keepsEveryPowerOfTwoAndRaisesWhatLiesBehindIt() {
    for (int k = -149; k <= 127; k++) {
      float power = Math.scalb(1f, k);
      assertEquals(power, atLeast(ScaleGrid.powersOfTwo(), power), "2^" + k);
      float next = k == 127 ? INFINITY : Math.scalb(1f, k + 1);
      assertEquals(next, atLeast(ScaleGrid.powersOfTwo(), Math.nextUp(power)), "behind 2^" + k);
    }
    assertEquals(INFINITY, atLeast(ScaleGrid.powersOfTwo(), Float.MAX_VALUE));
  }

  @Test
  void float8WithoutMantissaEndsWhereItsByteDoes() {
    ScaleGrid grid = ScaleGrid.float8E8m0();
    assertEquals(0x1p-127f, atLeast(grid, Float.MIN_VALUE));
    assertEquals(0x1p-126f, atLeast(grid, Math.nextUp(0x1p-127f)));
    assertEquals(2f, atLeast(grid, Math.nextUp(1f)));
    assertEquals(0x1p127f, atLeast(grid, 0x1p127f));
    assertEquals(INFINITY, atLeast(grid, Float.MAX_VALUE));
  }

  @Test
  void float8HasFourBitsFromThirdToLastPlace() {
    ScaleGrid grid = ScaleGrid.float8E4m3();
    assertEquals(0x1p-9f, atLeast(grid, Float.MIN_VALUE));
    assertEquals(0x1p-8f, atLeast(grid, Math.nextUp(0x1p-9f)));
    assertEquals(0x1p-6f, atLeast(grid, 0x1.dp-7f));
    float value = 0x1p-6f;
    for (int e = -6; e <= 8; e++) {
      for (int m = 8; m < 16 && value < 448; m++) {
        assertEquals(Math.scalb((float) m, e - 3), value);
        float next = Math.scalb(m + 1f, e - 3);
        assertEquals(next, atLeast(grid, Math.nextUp(value)), "behind " + value);
        value = next;
      }
    }
    assertEquals(448f, value);
    assertEquals(448f, atLeast(grid, 448f));
    assertEquals(INFINITY, atLeast(grid, Math.nextUp(448f)));
  }

  @Test
  void findsTheLargestDivisorWhoseReciprocalIsNotTooSmall() {
    ScaleGrid grid = ScaleGrid.onesOverIntegers();
    assertEquals(1f, atLeast(grid, 1f));
    assertEquals(INFINITY, atLeast(grid, Math.nextUp(1f)));
    assertEquals(1f, atLeast(grid, Math.nextUp(0.5f)));
    assertEquals(0x1p-24f, atLeast(grid, Float.MIN_VALUE));
    Random random = new Random(11);
    for (int draw = 0; draw < 2000; draw++) {
      int n = 2 + random.nextInt(1 << random.nextInt(1, 24));
      assertEquals(1f / n, atLeast(grid, 1f / n), "1/" + n);
      float behind = Math.nextUp(1f / n);
      int expected = n;
      while (1f / expected < behind) {
        expected--;
      }
      assertEquals(1f / expected, atLeast(grid, behind), "behind 1/" + n);
    }
  }

  @Test
  void findsTheLargestIntegerThatIsTheReciprocalOfItsReciprocal() {
    ScaleGrid grid = ScaleGrid.integerReciprocals();
    assertEquals(1f, atLeast(grid, 1f));
    assertEquals(INFINITY, atLeast(grid, Math.nextUp(1f)));
    assertEquals(0x1p-24f, atLeast(grid, Float.MIN_VALUE));
    assertEquals(1f / 6, atLeast(grid, 1f / 7));
    assertEquals(1f / 999, atLeast(grid, 1f / 1000));
    Random random = new Random(13);
    for (int draw = 0; draw < 2000; draw++) {
      float scale = 1 / (1 + random.nextFloat() * (1 << random.nextInt(1, 24)));
      float found = atLeast(grid, scale);
      int n = Math.round(1 / found);
      assertTrue(found >= scale && 1f / found == n, scale + " -> " + found);
      for (int m = n + 1; 1f / m >= scale; m++) {
        assertTrue(1f / (1f / m) != m, scale + " has 1 / " + m);
      }
    }
  }

  @Test
  void findsTheSmallestMultipleThatIsNotTooSmall() {
    Random random = new Random(12);
    for (float step : new float[] {0.25f, 0.1f, 1f / 3, 3e-39f, Float.MIN_VALUE, 5e30f}) {
      ScaleGrid grid = ScaleGrid.multiplesOf(step);
      assertEquals(step, atLeast(grid, Float.MIN_VALUE));
      for (int draw = 0; draw < 500; draw++) {
        int k = 1 + random.nextInt(1 << random.nextInt(1, 24));
        float multiple = k * step;
        if (multiple < INFINITY) {
          assertEquals(multiple, atLeast(grid, multiple), k + " * " + step);
          float next = (k + 1) * step;
          assertEquals(
              next > multiple ? next : (k + 2) * step, atLeast(grid, Math.nextUp(multiple)));
        }
      }
      assertEquals(INFINITY, atLeast(grid, Math.nextUp((1 << 24) * step)), "beyond " + step);
    }
  }

  @Test
  void aGridOfABackendIsNotOneOfOctets() {
    assertEquals(Optional.empty(), ScaleGrids.own(ScaleGrid.named("acme-decimal")));
    assertEquals(ScaleGrid.powersOfTwo(), ScaleGrid.named("power-of-two"));
    assertThrows(IllegalArgumentException.class, () -> ScaleGrid.named("multiple-of"));
    assertThrows(IllegalArgumentException.class, () -> ScaleGrid.named("Acme"));
    for (float step : new float[] {0f, -1f, Float.NaN, INFINITY}) {
      assertThrows(IllegalArgumentException.class, () -> ScaleGrid.multiplesOf(step));
    }
  }

  @Test
  void putsTheZeroPointWhereTheScaleOfTheGridWantsIt() {
    // The range asks for 255 / 255 = 1 and a little more, so that the scale becomes 2.
    assertEquals(
        QuantizationParameters.of(2f, -77),
        rule(Scheme.affine(), ScaleGrid.powersOfTwo()).choose(-102f, 154f));
    assertEquals(
        QuantizationParameters.of(2f, 0),
        rule(Scheme.symmetric(), ScaleGrid.powersOfTwo()).choose(-128f, 3f));
  }

  @Test
  void raisesTheScaleFloorOntoTheGrid() {
    Scheme scheme = Scheme.symmetric().withProfile(NumericProfile.onnx().withScaleFloor(0.3f));
    assertEquals(0.5f, rule(scheme, ScaleGrid.powersOfTwo()).choose(0f, 0f).scale(0));
    assertEquals(1f / 3, rule(scheme, ScaleGrid.onesOverIntegers()).choose(0f, 0f).scale(0));
  }

  @Test
  void refusesARangeThatNeedsALargerScaleThanTheGridHas() {
    ParameterRule rule = rule(Scheme.affine(), ScaleGrid.onesOverIntegers());
    assertTrue(rule.hasScale(0f, 255f) && !rule.hasScale(0f, 256f));
    OctetException e = assertThrows(OctetException.class, () -> rule.choose(0f, 510f));
    assertEquals("OCT-QUANT-002", e.id());
    assertTrue(e.getMessage().contains("at least 2.0"), e.getMessage());
    assertTrue(e.getMessage().contains("one-over-integer"), e.getMessage());
  }

  @Test
  void aScaleOfTheGridHoldsTheRange() {
    Random random = new Random(13);
    for (ScaleGrid grid :
        new ScaleGrid[] {
          ScaleGrid.powersOfTwo(), ScaleGrid.onesOverIntegers(), ScaleGrid.multiplesOf(0x1p-12f)
        }) {
      for (int draw = 0; draw < 1000; draw++) {
        float min = -random.nextFloat() * 100;
        float max = random.nextFloat() * 100;
        float free = rule(Scheme.affine(), ScaleGrid.any()).choose(min, max).scale(0);
        float scale = rule(Scheme.affine(), grid).choose(min, max).scale(0);
        assertTrue(scale >= free, grid + " of " + min + ".." + max);
        assertEquals(scale, atLeast(grid, scale));
      }
    }
  }
}
