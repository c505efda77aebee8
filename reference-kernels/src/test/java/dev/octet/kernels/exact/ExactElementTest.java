package dev.octet.kernels.exact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExactElementTest {

  private static ExactElement element(String value, String magnitude, int terms) {
    return element(value, magnitude, terms, 0);
  }

  private static ExactElement element(String value, String magnitude, int terms, long zeroPoint) {
    return new ExactElement(new BigDecimal(value), new BigDecimal(magnitude), terms, zeroPoint);
  }

  @Test
  void roundsHalfToEvenAndClamps() {
    assertEquals(1, element("0.5", "1", 1, 1).rounded(-128, 127));
    assertEquals(3, element("1.5", "1", 1, 1).rounded(-128, 127));
    assertEquals(127, element("1e9", "1e9", 1, 1).rounded(-128, 127));
    assertEquals(-128, element("-1e9", "1e9", 1, 1).rounded(-128, 127));
  }

  @Test
  void callsAValueNearAHalfATie() {
    assertTrue(element("10.5", "10", 9).isTie());
    assertTrue(element("10.5000001", "10", 9).isTie());
    assertTrue(element("-10.4999999", "10", 9).isTie());
    assertFalse(element("10.51", "10", 9).isTie());
    assertFalse(element("10.5001", "10", 9).isTie());
  }

  @Test
  void explainsBothNeighboursOfATieAndOnlyTheNearestInteger() {
    ExactElement tie = element("10.5", "10", 9);
    assertTrue(tie.explains(10, -128, 127));
    assertTrue(tie.explains(11, -128, 127));
    assertFalse(tie.explains(12, -128, 127));
    ExactElement plain = element("10.3", "10", 9, 3);
    assertTrue(plain.explains(13, -128, 127));
    assertFalse(plain.explains(14, -128, 127));
    ExactElement beyond = element("500", "500", 9);
    assertTrue(beyond.explains(127, -128, 127));
    assertFalse(beyond.explains(126, -128, 127));
    assertFalse(beyond.explains(500, -128, 127));
    ExactElement exact = element("-0.5", "0", 0);
    assertTrue(exact.explains(-1, -128, 127));
    assertTrue(exact.explains(0, -128, 127));
    assertFalse(exact.explains(1, -128, 127));
  }

  @Test
  void givesTheBoundOfTheFormula() {
    double u = 0x1p-24;
    double n = 15 * u;
    double expected = n / (1 - n) * 20 + u * 13;
    assertEquals(expected, element("10", "20", 9, 3).bound().doubleValue(), 1e-15);
  }

  @Test
  void holdsForFloat32SumsInAnyOrder() {
    long seed = 5;
    Random random = new Random(seed);
    for (int draw = 0; draw < 3000; draw++) {
      int terms = 1 + random.nextInt(200);
      float sx = 0.001f + random.nextFloat();
      float sw = 0.001f + random.nextFloat();
      float sy = 0.001f + random.nextFloat();
      BigDecimal sum = BigDecimal.ZERO;
      BigDecimal magnitude = BigDecimal.ZERO;
      float forward = 0;
      float fused = 0;
      for (int k = 0; k < terms; k++) {
        int x = random.nextInt(256);
        int w = random.nextInt(255) - 127;
        BigDecimal term =
            BigDecimal.valueOf((long) x * w)
                .multiply(new BigDecimal(sx))
                .multiply(new BigDecimal(sw));
        sum = sum.add(term);
        magnitude = magnitude.add(term.abs());
        forward += (float) (x * sx) * (w * sw);
        fused = Math.fma(x * sx, w * sw, fused);
      }
      BigDecimal scale = new BigDecimal(sy);
      ExactElement exact =
          new ExactElement(
              sum.divide(scale, ExactElement.DIGITS),
              magnitude.divide(scale, ExactElement.DIGITS),
              terms,
              0);
      for (float computed : new float[] {forward / sy, fused / sy}) {
        BigDecimal error = new BigDecimal(computed).subtract(exact.value()).abs();
        assertTrue(error.compareTo(exact.bound()) <= 0, () -> "seed " + seed + ": " + error);
      }
    }
  }

  @Test
  void refusesSumsForWhichTheBoundDoesNotHold() {
    assertThrows(IllegalArgumentException.class, () -> element("0", "0", 1 << 23));
  }
}
