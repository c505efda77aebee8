package dev.octet.kernels.quantize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.kernels.quantize.CenteredRule.Pair;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** By hand; that the formulas are torchao's, bit for bit, is held where its results are read. */
class CenteredRuleTest {

  private static final CenteredRule UINT4 = rule(FloatPrecision.FLOAT32, FloatPrecision.FLOAT32);

  private static CenteredRule rule(FloatPrecision values, FloatPrecision scales) {
    return new CenteredRule(0, 15, values, scales, 1e-6f);
  }

  @Test
  void bothEndsOfARangeAreIntegersWhereverItLies() {
    Pair pair = UINT4.choose(100f, 130f).orElseThrow();
    assertEquals(new Pair(2f, 116f), pair);
    assertEquals(0, UINT4.quantize(100f, pair));
    assertEquals(15, UINT4.quantize(130f, pair));
    assertEquals(8, UINT4.quantize(116f, pair));
    assertEquals(100f, UINT4.dequantize(0, pair));
    assertEquals(130f, UINT4.dequantize(15, pair));
    Pair signed =
        new CenteredRule(-8, 7, FloatPrecision.FLOAT32, FloatPrecision.FLOAT32, 1e-6f)
            .choose(100f, 130f)
            .orElseThrow();
    assertEquals(new Pair(2f, 100f), signed);
  }

  @Test
  void roundsTiesToEvenAndClamps() {
    Pair pair = UINT4.choose(0f, 15f).orElseThrow();
    assertEquals(2, UINT4.quantize(2.5f, pair));
    assertEquals(4, UINT4.quantize(3.5f, pair));
    assertEquals(0, UINT4.quantize(-3f, pair));
    assertEquals(15, UINT4.quantize(Float.POSITIVE_INFINITY, pair));
    assertEquals(0, UINT4.quantize(Float.NaN, pair));
  }

  @Test
  void keepsTheFloorWhereAllIsTheSame() {
    assertEquals(Optional.of(new Pair(1e-6f, 8e-6f)), UINT4.choose(0f, 0f));
    assertEquals(8, UINT4.quantize(8e-6f, UINT4.choose(0f, 0f).orElseThrow()));
    CenteredRule tiny =
        new CenteredRule(0, 15, FloatPrecision.FLOAT32, FloatPrecision.FLOAT16, Float.MIN_NORMAL);
    assertEquals(0x1p-14f, tiny.choose(0f, 0f).orElseThrow().scale());
  }

  @Test
  void isEmptyWhereScaleOrZeroPointAreBeyondTheirType() {
    assertTrue(UINT4.choose(-Float.MAX_VALUE, Float.MAX_VALUE).isEmpty());
    CenteredRule half = rule(FloatPrecision.FLOAT32, FloatPrecision.FLOAT16);
    assertTrue(half.choose(1e6f, 1e6f).isEmpty());
    assertTrue(half.choose(-60000f, 60000f).isPresent());
  }

  /** 2.1 in bfloat16 is 2.09375; 16.75 - 2.09375 lies between 14.625 and 14.6875. */
  @Test
  void roundsEveryOperationToNarrowTypes() {
    CenteredRule narrow = rule(FloatPrecision.BFLOAT16, FloatPrecision.BFLOAT16);
    Pair pair = narrow.choose(0f, 31.5f).orElseThrow();
    assertEquals(new Pair(2.09375f, 16.75f), pair);
    assertEquals(14.625f, narrow.dequantize(7, pair));
  }

  @Test
  void refusesWhatMeansNothing() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new CenteredRule(3, 3, FloatPrecision.FLOAT32, FloatPrecision.FLOAT32, 1f));
    for (float floor : new float[] {0f, -1f, Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new CenteredRule(0, 1, FloatPrecision.FLOAT32, FloatPrecision.FLOAT32, floor));
    }
    assertThrows(IllegalArgumentException.class, () -> UINT4.choose(1f, 0f));
    assertThrows(IllegalArgumentException.class, () -> UINT4.choose(Float.NaN, 0f));
    assertThrows(IllegalArgumentException.class, () -> UINT4.choose(0f, Float.POSITIVE_INFINITY));
  }
}
