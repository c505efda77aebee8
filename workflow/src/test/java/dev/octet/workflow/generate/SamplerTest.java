package dev.octet.workflow.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SamplerTest {

  private static List<Integer> drawn(Sampling sampling, int count, float... scores) {
    Sampler sampler = new Sampler(sampling);
    return Stream.generate(() -> sampler.choose(scores)).limit(count).toList();
  }

  @Test
  void takesTheFirstOfTheLargestScoresAtTemperatureZero() {
    assertEquals(List.of(1, 1), drawn(Sampling.greedy(), 2, 1, 3, 3, 2));
    assertEquals(List.of(0), drawn(Sampling.greedy(), 1, -0f, 0f));
    assertEquals(List.of(2), drawn(Sampling.greedy(), 1, Float.NaN, Float.NEGATIVE_INFINITY, 0));
    assertEquals(List.of(1), drawn(new Sampling(1, 1, 3), 1, 0, Float.POSITIVE_INFINITY));
  }

  @Test
  void refusesScoresWithoutANumber() {
    OctetException e =
        assertThrows(OctetException.class, () -> drawn(Sampling.greedy(), 1, Float.NaN, Float.NaN));
    assertEquals("OCT-GEN-006", e.id());
    assertEquals("all 2 scores are NaN", e.fact());
  }

  /**
   * SplitMix64 of seed 0 begins with 0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F:
   * 0.883, 0.431 and 0.026, in quarters 3, 1 and 0.
   */
  @Test
  void drawsByThePublishedGenerator() {
    assertEquals(List.of(3, 1, 0), drawn(new Sampling(1, 1, 0), 3, 2, 2, 2, 2));
  }

  /** ln 3 is three times as likely as 0; at twice the temperature sqrt 3 times. */
  @Test
  void drawsEachTokenAsOftenAsItsScoreSays() {
    float score = (float) Math.log(3);
    List<Integer> one = drawn(new Sampling(1, 1, 7), 20_000, 0, score);
    assertEquals(0.25, one.stream().filter(t -> t == 0).count() / 20_000.0, 0.01);
    List<Integer> two = drawn(new Sampling(2, 1, 7), 20_000, 0, score);
    assertEquals(1 / (1 + Math.sqrt(3)), two.stream().filter(t -> t == 0).count() / 20_000.0, 0.01);
  }

  /** Of 4, 2, 1 and 1 eighths, half is the first alone, and a little more the first two. */
  @Test
  void keepsTheFewestTokensThatHaveTheShare() {
    float[] scores = {0, (float) Math.log(4), 0, (float) Math.log(2)};
    assertTrue(drawn(new Sampling(1, 0.49, 1), 500, scores).stream().allMatch(t -> t == 1));
    List<Integer> two = drawn(new Sampling(1, 0.51, 1), 500, scores);
    assertEquals(List.of(1, 3), two.stream().distinct().sorted().toList());
    assertEquals(4, drawn(new Sampling(1, 1, 1), 500, scores).stream().distinct().count());
  }

  @Test
  void anotherSeedDrawsOthersAndTheSameOneTheSame() {
    float[] scores = new float[100];
    List<Integer> first = drawn(new Sampling(1, 1, 1), 20, scores);
    assertEquals(first, drawn(new Sampling(1, 1, 1), 20, scores));
    assertNotEquals(first, drawn(new Sampling(1, 1, 2), 20, scores));
  }

  @Test
  void refusesNumbersOutsideTheirRange() {
    assertRefused("the temperature is -1.0", -1, 1);
    assertRefused("the temperature is NaN", Double.NaN, 1);
    assertRefused("the temperature is Infinity", Double.POSITIVE_INFINITY, 1);
    assertRefused("top-p is 0.0", 1, 0);
    assertRefused("top-p is 1.5", 1, 1.5);
    assertRefused("top-p is NaN", 1, Double.NaN);
  }

  private static void assertRefused(String fact, double temperature, double topP) {
    OctetException e = assertThrows(OctetException.class, () -> new Sampling(temperature, topP, 0));
    assertEquals("OCT-GEN-005", e.id());
    assertEquals(fact, e.fact());
  }
}
