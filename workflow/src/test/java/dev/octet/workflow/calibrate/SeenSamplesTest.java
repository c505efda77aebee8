package dev.octet.workflow.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.workflow.data.SampleRange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SeenSamplesTest {

  @Test
  void isTheWholeWhateverThePartsAndTheirOrder() {
    SeenSamples whole = seen("d", 0, 100);
    for (long seed = 1; seed <= 20; seed++) {
      Random random = new Random(seed);
      List<SeenSamples> parts = new ArrayList<>();
      for (int from = 0, size; from < 100; from += size) {
        size = Math.min(1 + random.nextInt(30), 100 - from);
        parts.add(seen("d", from, size));
      }
      Collections.shuffle(parts, random);
      assertEquals(whole, sum(parts), "seed " + seed);
      assertEquals(whole.ranges(), sum(parts).ranges());
    }
  }

  @Test
  void keepsGapsAndDataApart() {
    SeenSamples all = sum(List.of(seen("b", 5, 1), seen("a", 7, 2), seen("b", 0, 4)));
    List<SampleRange> expected =
        List.of(new SampleRange("a", 7, 2), new SampleRange("b", 0, 4), new SampleRange("b", 5, 1));
    assertEquals(expected, all.ranges());
    assertEquals(7, all.count());
  }

  @Test
  void namesTheFirstSamplesThatAreInBoth() {
    SeenSamples ten = seen("d", 10, 10);
    assertEquals(Optional.empty(), ten.firstShared(seen("d", 0, 10)));
    assertEquals(Optional.empty(), ten.firstShared(seen("d", 20, 10)));
    assertEquals(Optional.empty(), ten.firstShared(seen("e", 10, 10)));
    assertEquals(Optional.of(new SampleRange("d", 10, 1)), ten.firstShared(seen("d", 0, 11)));
    assertEquals(Optional.of(new SampleRange("d", 19, 1)), ten.firstShared(seen("d", 19, 9)));
    assertEquals(Optional.of(new SampleRange("d", 12, 3)), ten.firstShared(seen("d", 12, 3)));
    assertThrows(IllegalArgumentException.class, () -> ten.plus(ten));
  }

  @Test
  void countsSamplesOfWhichNothingIsKnown() {
    SeenSamples all = SeenSamples.unknown(3).plus(SeenSamples.unknown(3)).plus(seen("d", 0, 4));
    assertEquals(6, all.unknown());
    assertEquals(10, all.count());
    assertEquals(SeenSamples.unknown(0), seen("d", 8, 0));
    assertThrows(IllegalArgumentException.class, () -> SeenSamples.unknown(-1));
  }

  private static SeenSamples seen(String data, int first, int count) {
    return SeenSamples.of(new SampleRange(data, first, count));
  }

  private static SeenSamples sum(List<SeenSamples> parts) {
    return parts.stream().reduce(SeenSamples.unknown(0), SeenSamples::plus);
  }
}
