package dev.octet.api.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalsTest {

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1.5", "1e10000", "-1E-10000", "0e10000"})
  void readsNumbers(String text) {
    assertEquals(new BigDecimal(text), Decimals.parse(text));
  }

  @Test
  void readsTheExactDecimalOfEveryFloat64() {
    for (double value : new double[] {Double.MIN_VALUE, Double.MAX_VALUE, Math.nextDown(1.0)}) {
      BigDecimal exact = new BigDecimal(value);
      assertEquals(exact, Decimals.parse(exact.toPlainString()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "x", "1e10001", "1e-10001", "0e10001", "1e2147483647", "1e99999999999", "0x1"})
  void refusesWhatIsNoNumberOrOneWithoutBound(String text) {
    assertThrows(NumberFormatException.class, () -> Decimals.parse(text));
  }

  @Test
  void boundsTheDigits() {
    assertEquals(Decimals.MOST_DIGITS, Decimals.parse("9".repeat(1100)).precision());
    assertThrows(NumberFormatException.class, () -> Decimals.parse("9".repeat(1101)));
    // A text of this length takes minutes where it is made a number.
    assertThrows(NumberFormatException.class, () -> Decimals.parse("9".repeat(10_000_000)));
  }
}
