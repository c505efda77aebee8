package dev.octet.kernels.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.api.graph.DataType;
import org.junit.jupiter.api.Test;

class ArrayTypeTest {

  private static final int LARGEST = Integer.MAX_VALUE;

  @Test
  void hasNoElementWhereASizeIsZeroHoweverLargeTheOthers() {
    for (int[] sizes :
        new int[][] {{0}, {LARGEST, LARGEST, LARGEST, 0}, {0, LARGEST, LARGEST, LARGEST}}) {
      ArrayType type = ArrayType.of(DataType.FLOAT, sizes);
      assertEquals(0, type.count());
      assertEquals(0, type.product(0, type.rank()));
    }
  }

  @Test
  void countsUpToTheLargestArray() {
    assertEquals(1, ArrayType.of(DataType.FLOAT).count());
    assertEquals(LARGEST, ArrayType.of(DataType.FLOAT, 1, LARGEST).count());
    assertThrows(UncountableException.class, () -> ArrayType.of(DataType.FLOAT, 2, 1 << 30));
  }
}
