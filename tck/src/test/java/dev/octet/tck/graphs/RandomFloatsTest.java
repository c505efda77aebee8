package dev.octet.tck.graphs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RandomFloatsTest {

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3, 4, 7})
  void everySliceAlongTheFirstAxisHasTheNextOfThreeRanges(long slices) {
    float[] values = RandomFloats.tensor(7, "w", slices, 5, 3).floats();
    SplittableRandom random = RandomFloats.generator(7, "w");
    float[] expected = new float[(int) slices * 15];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = Math.scalb((float) (random.nextDouble() * 2 - 1), i / 15 % 3 - 1);
    }
    assertArrayEquals(expected, values);
  }

  @Test
  void aScalarIsOneSlice() {
    float only = (float) (RandomFloats.generator(7, "s").nextDouble() * 2 - 1) / 2;
    assertArrayEquals(new float[] {only}, RandomFloats.tensor(7, "s").floats());
  }

  @Test
  void theSameNameAndSeedGiveTheSameFloatsAndOthersGiveOthers() {
    assertEquals(RandomFloats.tensor(7, "w", 4), RandomFloats.tensor(7, "w", 4));
    assertNotEquals(RandomFloats.tensor(7, "w", 4), RandomFloats.tensor(7, "v", 4));
    assertNotEquals(RandomFloats.tensor(7, "w", 4), RandomFloats.tensor(8, "w", 4));
  }
}
