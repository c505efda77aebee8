package dev.octet.kernels.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.spec.ScaleLevels;
import dev.octet.api.spec.ScaleLevels.Over;
import dev.octet.api.spec.ScaleLevels.Rounding;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TwoLevelScalesTest {

  private static final ScaleLevels SIXTEEN = ScaleLevels.integers(16, Over.ROW);

  private static TwoLevelScales.Shared of(ScaleLevels levels, float... needed) {
    return new TwoLevelScales(levels).of(needed);
  }

  @Test
  void theLargestHasTheLargestFactor() {
    TwoLevelScales.Shared shared = of(SIXTEEN, 0.5f, 8f, 1f);
    assertEquals(0.5f, shared.shared());
    assertArrayEquals(new float[] {1, 16, 2}, shared.factors());
    assertEquals(8f, shared.scale(1));
  }

  @Test
  void roundsUpUnlessAskedToTakeTheNearest() {
    float[] needed = {16f, 2.5f, 3.5f, 2.25f, 0.01f};
    assertArrayEquals(new float[] {16, 3, 4, 3, 1}, of(SIXTEEN, needed).factors());
    assertArrayEquals(
        new float[] {16, 2, 4, 2, 1}, of(SIXTEEN.rounded(Rounding.NEAREST), needed).factors());
  }

  @Test
  void roundsToValuesOfFloat8() {
    float[] needed = {448f, 17f, 19f, 16.5f, 0.001f, 0x1.8p-9f, 0x1.4p-8f};
    assertArrayEquals(
        new float[] {448, 18, 20, 18, 0x1p-9f, 0x1p-8f, 0x1.8p-8f},
        of(ScaleLevels.float8(Over.TENSOR), needed).factors());
    assertArrayEquals(
        new float[] {448, 16, 20, 16, 0x1p-9f, 0x1p-8f, 0x1p-8f},
        of(ScaleLevels.float8(Over.TENSOR).rounded(Rounding.NEAREST), needed).factors());
  }

  @Test
  void noRangeIsCutWhenFactorsGoUp() {
    Random random = new Random(11);
    for (int round = 0; round < 10_000; round++) {
      ScaleLevels levels =
          round % 2 == 0
              ? ScaleLevels.integers(1 + random.nextInt(1 << (1 + random.nextInt(23))), Over.ROW)
              : ScaleLevels.float8(Over.TENSOR);
      float[] needed = new float[1 + random.nextInt(5)];
      for (int i = 0; i < needed.length; i++) {
        needed[i] = Math.scalb(1 + random.nextFloat(), random.nextInt(40) - 23);
      }
      TwoLevelScales.Shared shared = of(levels, needed);
      for (int i = 0; i < needed.length; i++) {
        assertTrue(shared.scale(i) >= needed[i], levels + " " + needed[i]);
      }
    }
  }
}
