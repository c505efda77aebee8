package dev.octet.kernels.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.api.spec.Granularity;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParameterLayoutTest {

  private static int[] parameters(Granularity granularity, long... sizes) {
    int[] all = new int[(int) Arrays.stream(sizes).reduce(1, (a, b) -> a * b)];
    Arrays.fill(all, -1);
    ParameterLayout.of(granularity, sizes)
        .forEachRun((from, to, parameter) -> Arrays.fill(all, from, to, parameter));
    return all;
  }

  @Test
  void numbersBlocksInRowMajorOrder() {
    assertArrayEquals(
        new int[] {0, 0, 1, 0, 0, 1, 2, 2, 3},
        parameters(new Granularity.PerBlock(List.of(2L, 2L)), 3, 3));
    assertArrayEquals(
        new int[] {0, 1, 2, 0, 1, 2}, parameters(new Granularity.PerChannel(2), 1, 2, 3));
    assertArrayEquals(
        new int[] {0, 0, 0, 1, 1, 1}, parameters(new Granularity.PerChannel(0), 2, 3));
    assertArrayEquals(
        new int[] {0, 1, 0, 1, 2, 3}, parameters(new Granularity.PerGroup(0, 2), 3, 2));
    assertArrayEquals(new int[] {0, 0, 1, 1, 2, 2}, parameters(new Granularity.PerToken(), 3, 2));
    assertArrayEquals(new int[] {0}, parameters(new Granularity.PerTensor()));
  }

  @Test
  void matchesTheDefinitionOnEveryElement() {
    int[] sizes = {3, 4, 5, 2};
    int[] extents = {2, 3, 2, 2};
    int[] all = parameters(new Granularity.PerBlock(List.of(2L, 3L, 2L, 2L)), 3, 4, 5, 2);
    int[] grid = {2, 2, 3, 1};
    for (int i = 0; i < all.length; i++) {
      int rest = i;
      int[] index = new int[4];
      for (int axis = 3; axis >= 0; axis--) {
        index[axis] = rest % sizes[axis];
        rest /= sizes[axis];
      }
      int expected = 0;
      for (int axis = 0; axis < 4; axis++) {
        expected = expected * grid[axis] + index[axis] / extents[axis];
      }
      assertEquals(expected, all[i], Arrays.toString(index));
    }
  }

  @Test
  void splitsRunsAtAnyTwoElements() {
    List<Granularity> granularities =
        List.of(
            new Granularity.PerTensor(),
            new Granularity.PerChannel(0),
            new Granularity.PerChannel(1),
            new Granularity.PerChannel(2),
            new Granularity.PerGroup(1, 2),
            new Granularity.PerBlock(List.of(2L, 2L, 1L)),
            new Granularity.PerToken());
    for (Granularity granularity : granularities) {
      int[] all = parameters(granularity, 2, 3, 4);
      ParameterLayout layout = ParameterLayout.of(granularity, new long[] {2, 3, 4});
      for (int first = 0; first <= all.length; first++) {
        for (int last = first; last <= all.length; last++) {
          int[] part = new int[all.length];
          layout.forEachRun(
              first, last, (from, to, parameter) -> Arrays.fill(part, from, to, parameter + 1));
          for (int i = 0; i < all.length; i++) {
            assertEquals(i < first || i >= last ? 0 : all[i] + 1, part[i], granularity + " " + i);
          }
        }
      }
    }
  }

  @Test
  void countsPairsOfEmptyTensors() {
    assertEquals(1, ParameterLayout.of(new Granularity.PerTensor(), new long[] {0, 3}).count());
    assertEquals(3, ParameterLayout.of(new Granularity.PerChannel(1), new long[] {0, 3}).count());
    assertEquals(0, ParameterLayout.of(new Granularity.PerChannel(0), new long[] {0, 3}).count());
  }

  @Test
  void refusesAnAxisThatIsNotThere() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> ParameterLayout.of(new Granularity.PerChannel(2), new long[] {2, 3}));
    assertEquals("per-channel along axis 2 does not fit a tensor of sizes [2, 3]", e.getMessage());
  }
}
