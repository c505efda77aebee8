package dev.octet.workflow.calibrate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HistogramTest {

  @Test
  void countsEachValueInTheBinThatItsDefinitionSays() {
    for (long seed = 1; seed <= 60; seed++) {
      Random random = new Random(seed);
      float[] values = Streams.wild(random, random.nextInt(300));
      assertIsByDefinition(values, Streams.histogram(values), "seed " + seed);
    }
  }

  @Test
  void isTheSameForEveryOrderAndDivision() {
    for (long seed = 1; seed <= 60; seed++) {
      Random random = new Random(seed);
      float[] values = Streams.wild(random, 400);
      Histogram once = Streams.histogram(values);
      for (int shards : new int[] {2, 3, 7}) {
        List<Histogram> parts = new ArrayList<>();
        for (float[] shard : Streams.shards(random, values, shards)) {
          parts.add(Streams.histogram(shard));
        }
        Collections.shuffle(parts, random);
        Histogram sum = parts.get(0);
        for (Histogram part : parts.subList(1, shards)) {
          sum = random.nextBoolean() ? sum.plus(part) : part.plus(sum);
        }
        assertEquals(once, sum, "seed " + seed + ", " + shards + " shards");
      }
    }
  }

  @Test
  void isTheSameValueByValueAsAtOnce() {
    for (long seed = 1; seed <= 20; seed++) {
      float[] values = Streams.wild(new Random(seed), 300);
      HistogramAccumulator accumulator = new HistogramAccumulator();
      for (int i = 0; i < values.length; i++) {
        accumulator.add(values, i, 1);
      }
      assertEquals(Streams.histogram(values), accumulator.toHistogram(), "seed " + seed);
    }
  }

  @Test
  void growsExactlyWhenTheRangeLeavesTheLastBin() {
    float width = 1f / 1024;
    // Zero and the positive half: bins 0 to 4095.
    assertEquals(-10, Streams.histogram(Math.nextDown(4f)).exponent());
    assertEquals(-9, Streams.histogram(4f).exponent());
    assertEquals(-10, Streams.histogram(4095 * width).exponent());
    // Bin -4096 to 0 would be 4097 bins, -4095 to 0 are 4096.
    assertEquals(-10, Streams.histogram(-4095 * width).exponent());
    assertEquals(-9, Streams.histogram(-4f).exponent());
    assertEquals(-9, Streams.histogram(Math.nextDown(-4095 * width)).exponent());
    // One bin below zero takes one from above.
    assertEquals(-10, Streams.histogram(-width, Math.nextDown(4095 * width)).exponent());
    assertEquals(-9, Streams.histogram(-width, 4095 * width).exponent());
  }

  @Test
  void addsNeighboursInPairsWhenItGrows() {
    float width = 1f / 1024;
    HistogramAccumulator accumulator = new HistogramAccumulator();
    float[] fine = {4095 * width, width, 2 * width, 3 * width, 3 * width};
    accumulator.add(fine, 0, fine.length);
    assertEquals(-10, accumulator.toHistogram().exponent());
    assertEquals(2, accumulator.toHistogram().count(3));

    accumulator.add(new float[] {-width}, 0, 1);
    Histogram coarse = accumulator.toHistogram();
    assertEquals(-9, coarse.exponent());
    assertEquals(1, coarse.count(-1));
    assertEquals(1, coarse.count(0));
    assertEquals(3, coarse.count(1));
    assertEquals(1, coarse.count(2047));
  }

  @Test
  void putsAValueOnAnEdgeIntoTheBinAboveIt() {
    Histogram histogram = Streams.histogram(-2f, -1f, 1f, 2f, 2045f);
    assertEquals(-1, histogram.exponent());
    assertEquals(1, histogram.count(-4));
    assertEquals(1, histogram.count(-2));
    assertEquals(1, histogram.count(2));
    assertEquals(1, histogram.count(4));
    assertEquals(0, histogram.count(3));
    assertEquals(0, histogram.count(-1));
  }

  @Test
  void takesBothZerosForOne() {
    assertEquals(Streams.histogram(0f), Streams.histogram(-0f));
    assertEquals(0, Float.floatToRawIntBits(Streams.histogram(-0f).min()));
    assertEquals(0, Float.floatToRawIntBits(Streams.histogram(-0f, -0f).max()));
    assertEquals(2, Streams.histogram(0f, -0f, 1f).zeros());
  }

  @Test
  void tellsApartNeighbouringSubnormals() {
    Histogram histogram = Streams.histogram(Float.MIN_VALUE, 2 * Float.MIN_VALUE, 0f);
    assertEquals(-149, histogram.exponent());
    assertArrayEquals(new long[] {1, 1}, histogram.counts());
    assertEquals(1, histogram.firstBin());
  }

  @Test
  void coversTheWholeOfFloat32() {
    Histogram histogram =
        Streams.histogram(Float.MAX_VALUE, -Float.MAX_VALUE, Float.MIN_VALUE, -Float.MIN_VALUE);
    assertEquals(117, histogram.exponent());
    assertEquals(-2048, histogram.firstBin());
    assertEquals(4096, histogram.bins());
    assertEquals(1, histogram.count(0));
    assertEquals(1, histogram.count(-1));
  }

  @Test
  void growsFromTheFinestToTheCoarsestWidthAtOnce() {
    Histogram fine = Streams.histogram(Float.MIN_VALUE, -Float.MIN_VALUE);
    Histogram coarse = Streams.histogram(Float.MAX_VALUE);
    Histogram sum = fine.plus(coarse);
    assertEquals(sum, coarse.plus(fine));
    assertEquals(1, sum.count(-1));
    assertEquals(1, sum.count(0));
  }

  @Test
  void countsWhatIsNotFiniteAndKeepsItOutOfTheRange() {
    Histogram histogram =
        Streams.histogram(
            Float.NaN, Float.POSITIVE_INFINITY, 1f, Float.NEGATIVE_INFINITY, Float.NaN, Float.NaN);
    assertEquals(1f, histogram.min());
    assertEquals(1f, histogram.max());
    assertEquals(3, histogram.nan());
    assertEquals(2, histogram.infinite());
    assertEquals(1, histogram.finite());
    assertEquals(6, histogram.count());
  }

  @Test
  void ofNoValueIsNeutral() {
    Histogram none = Streams.histogram();
    Histogram some = Streams.histogram(1f, -3f, 0f);
    assertEquals(some, some.plus(none));
    assertEquals(some, none.plus(some));
    assertEquals(0, none.finite());
    assertEquals(Float.POSITIVE_INFINITY, none.min());
  }

  @Test
  void repeatedIsTheSumOfCopies() {
    Histogram histogram = Streams.histogram(1f, -3f, 0f, Float.NaN, 2f, 2f);
    assertEquals(histogram.plus(histogram).plus(histogram), histogram.repeated(3));
    assertNotEquals(histogram, histogram.repeated(2));
  }

  @Test
  void refusesCountsBeyond64Bits() {
    Histogram full = Streams.histogram(1f).repeated(Long.MAX_VALUE);
    assertThrows(ArithmeticException.class, () -> full.plus(Streams.histogram(1f)));
    assertThrows(ArithmeticException.class, () -> full.repeated(2));
    assertThrows(ArithmeticException.class, () -> full.plus(Streams.histogram(0f)));
  }

  @Test
  void refusesPartsThatContradictEachOther() {
    Histogram h = Streams.histogram(-1f, 0f, 2f, 2f);
    long[] counts = h.counts();
    int first = h.firstBin();
    assertEquals(h, new Histogram(-1f, 2f, first, counts, 1, 0, 0));
    refused(-1f, 2f, first + 1, counts, 1);
    refused(-1f, 4f, first, counts, 1);
    refused(0.5f, 2f, first, counts, 1);
    refused(-1f, 2f, first, counts, -1);
    refused(2f, -1f, first, counts, 1);
    refused(-1f, Float.NaN, first, counts, 1);
    refused(-1f, 2f, first, new long[counts.length], 4);
    refused(0f, 0f, 0, new long[0], 0);
    refused(1f, 1f, 0, new long[0], 1);
    counts[1] = -1;
    refused(-1f, 2f, first, counts, 1);
  }

  private static void refused(float min, float max, int first, long[] counts, long zeros) {
    assertThrows(
        IllegalArgumentException.class, () -> new Histogram(min, max, first, counts, zeros, 0, 0));
  }

  /** Recomputes range, exponent and counts from the values in exact decimal arithmetic. */
  private static void assertIsByDefinition(float[] values, Histogram histogram, String seed) {
    float min = Float.POSITIVE_INFINITY;
    float max = Float.NEGATIVE_INFINITY;
    long zeros = 0;
    for (float value : values) {
      if (Float.isFinite(value)) {
        min = Math.min(min, value + 0f);
        max = Math.max(max, value + 0f);
        zeros += value == 0 ? 1 : 0;
      }
    }
    assertEquals(min, histogram.min(), seed);
    assertEquals(max, histogram.max(), seed);
    assertEquals(zeros, histogram.zeros(), seed);
    if (min > max) {
      assertEquals(0, histogram.bins(), seed);
      return;
    }
    int exponent = -149;
    while (spread(min, max, exponent).compareTo(BigInteger.valueOf(4096)) > 0) {
      exponent++;
    }
    assertEquals(exponent, histogram.exponent(), seed);
    TreeMap<Integer, Long> counts = new TreeMap<>();
    for (float value : values) {
      if (Float.isFinite(value) && value != 0) {
        counts.merge(floor(value, exponent).intValueExact(), 1L, Long::sum);
      }
    }
    assertEquals(counts.isEmpty() ? 0 : counts.firstKey(), histogram.firstBin(), seed);
    assertTrue(histogram.bins() <= Histogram.MAX_BINS, seed);
    for (int bin = -5000; bin < 5000; bin++) {
      assertEquals(counts.getOrDefault(bin, 0L), histogram.count(bin), seed + ", bin " + bin);
    }
  }

  private static BigInteger spread(float min, float max, int exponent) {
    return floor(Math.max(max, 0f), exponent)
        .subtract(floor(Math.min(min, 0f), exponent))
        .add(BigInteger.ONE);
  }

  private static BigInteger floor(float value, int exponent) {
    BigDecimal exact = new BigDecimal(value);
    BigDecimal power = new BigDecimal(BigInteger.TWO.pow(Math.abs(exponent)));
    BigDecimal quotient =
        exponent < 0 ? exact.multiply(power) : exact.divide(power, 400, RoundingMode.FLOOR);
    return quotient.setScale(0, RoundingMode.FLOOR).toBigIntegerExact();
  }
}
