package dev.octet.kernels.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SmallFloatTest {

  @ParameterizedTest
  @EnumSource
  void everyPatternComesBack(SmallFloat format) {
    for (int bits = 0; bits < 1 << 16; bits++) {
      double value = format.value(bits);
      if (!Double.isNaN(value)) {
        assertEquals(bits, format.bits(value));
      }
    }
    assertTrue(Double.isNaN(format.value(format.bits(Double.NaN))));
  }

  @ParameterizedTest
  @EnumSource
  void betweenNeighboursTheNearerOneOrTheEvenOneIsTaken(SmallFloat format) {
    int infinity = format.bits(Double.POSITIVE_INFINITY);
    for (int bits = 0; bits + 1 < infinity; bits++) {
      double low = format.value(bits);
      double middle = (low + format.value(bits + 1)) / 2;
      assertEquals(bits + (bits & 1), format.bits(middle));
      assertEquals(bits, format.bits(Math.nextDown(middle)));
      assertEquals(bits + 1, format.bits(Math.nextUp(middle)));
      assertEquals(bits + (bits & 1) | 1 << 15, format.bits(-middle));
    }
  }

  @Test
  void valuesBeyondTheLargestBecomeInfinite() {
    assertEquals(65504, SmallFloat.FLOAT16.value(SmallFloat.FLOAT16.bits(65519.99)));
    assertEquals(0x7c00, SmallFloat.FLOAT16.bits(65520));
    assertEquals(0x7c00, SmallFloat.FLOAT16.bits(Double.MAX_VALUE));
    assertEquals(0xfc00, SmallFloat.FLOAT16.bits(Double.NEGATIVE_INFINITY));
    assertEquals(0, SmallFloat.FLOAT16.bits(Double.MIN_VALUE));
  }
}
