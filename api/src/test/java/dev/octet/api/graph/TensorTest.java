package dev.octet.api.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TensorTest {

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {
        "UINT8", "INT8", "UINT16", "INT16", "INT32", "INT64", "UINT32", "UINT4", "INT4", "UINT2",
        "INT2"
      })
  void integersOfEveryWidthSurvivePacking(DataType type) {
    long low = type.isSignedInteger() ? -(1L << (type.bits() - 1)) : 0;
    long high = type.isSignedInteger() ? (1L << (type.bits() - 1)) - 1 : (1L << type.bits()) - 1;
    for (int count : new int[] {0, 1, 2, 3, 4, 5, 7, 8, 9, 33}) {
      long[] values =
          LongStream.range(0, count)
              .map(i -> List.of(low, high, 0L, 1L).get((int) (i % 4)))
              .toArray();
      Tensor tensor = Tensor.ofIntegers(type, values, count);
      assertArrayEquals(values, tensor.integers());
      assertEquals((count * (long) type.bits() + 7) / 8, tensor.byteCount());
    }
  }

  @Test
  void anArrayWithASizeOfZeroHasNoElementsHoweverLargeTheOthers() {
    assertEquals(1, Shape.count());
    assertEquals(6, Shape.count(3, 2));
    assertEquals(0, Shape.count(Long.MAX_VALUE, Long.MAX_VALUE, 0));
    assertEquals(0, Shape.count(0, Long.MAX_VALUE, 2));
    assertEquals(Long.MAX_VALUE, Shape.count(1, Long.MAX_VALUE));
    assertThrows(ArithmeticException.class, () -> Shape.count(2, Long.MAX_VALUE));
    assertEquals(0, Tensor.of(new float[0], 1L << 40, 1L << 40, 0).elementCount());
  }

  @Test
  void nibblesStandLowOneFirst() {
    Tensor tensor = Tensor.ofIntegers(DataType.INT4, new long[] {1, -2, 7}, 3);
    assertEquals(ByteBuffer.wrap(new byte[] {(byte) 0xE1, 0x07}), tensor.data());
  }

  @Test
  void pairsOfBitsStandLowestFirst() {
    Tensor tensor = Tensor.ofIntegers(DataType.UINT2, new long[] {3, 0, 1, 2, 1}, 5);
    assertEquals(ByteBuffer.wrap(new byte[] {(byte) 0b10_01_00_11, 0b01}), tensor.data());
  }

  @Test
  void aValueThatLeavesItsTypeIsRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> Tensor.ofIntegers(DataType.INT4, new long[] {8}, 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> Tensor.ofIntegers(DataType.UINT8, new long[] {-1}, 1));
  }

  @Test
  void floatsKeepTheirBits() {
    float[] values = {
      0f,
      -0f,
      1f,
      Float.MIN_VALUE,
      Float.MAX_VALUE,
      Float.NEGATIVE_INFINITY,
      Float.intBitsToFloat(0x7fc01234)
    };
    assertEquals(Arrays.toString(values), Arrays.toString(Tensor.of(values, 7).floats()));
    assertEquals(0x7fc01234, Float.floatToRawIntBits(Tensor.of(values, 7).floats()[6]));
  }

  @Test
  void equalityComparesTypeSizesAndBits() {
    assertEquals(Tensor.of(new float[] {Float.NaN}, 1), Tensor.of(new float[] {Float.NaN}, 1));
    assertNotEquals(Tensor.of(new float[] {0f}, 1), Tensor.of(new float[] {-0f}, 1));
    assertNotEquals(Tensor.of(new float[] {0f}, 1), Tensor.of(new float[] {0f}));
  }

  @Test
  void equalTensorsHaveEqualHashesWhereverTheirBytesAre() {
    byte[] bytes = new byte[10_000];
    bytes[9_999] = 1;
    Tensor inMemory = Tensor.of(DataType.INT8, bytes, 10_000);
    ByteBuffer direct = ByteBuffer.allocateDirect(10_000).put(bytes).flip();
    Tensor outside = Tensor.ofBytes(DataType.INT8, new long[] {10_000}, direct);
    assertEquals(inMemory, outside);
    assertEquals(inMemory.hashCode(), outside.hashCode());
    assertNotEquals(inMemory, Tensor.of(DataType.INT8, new byte[10_000], 10_000));
  }

  @Test
  void aTensorInMemoryHasWindowsAndNoRegion() {
    Tensor tensor = Tensor.of(new float[] {1f, 2f, 3f}, 3);
    assertEquals(Optional.empty(), tensor.region());
    assertEquals(2f, tensor.window(4, 4).getFloat());
    assertEquals(0, tensor.window(12, 0).remaining());
    assertThrows(IndexOutOfBoundsException.class, () -> tensor.window(9, 4));
    assertThrows(IndexOutOfBoundsException.class, () -> tensor.window(-1, 4));
  }

  @Test
  void stringsHaveNoBytes() {
    Tensor strings = Tensor.ofStrings(List.of(new byte[] {1, 2}), 1);
    strings.forEachWindow((offset, window) -> fail("a window at " + offset));
    assertEquals(0, strings.data().remaining());
    assertEquals(2, strings.byteCount());
  }

  @Test
  void aScalarHasOneElementAndAnEmptyTensorNone() {
    assertEquals(1, Tensor.of(new float[] {2f}).elementCount());
    assertEquals(0, Tensor.of(new float[0], 3, 0).elementCount());
    assertEquals(0, Tensor.of(new float[0], 1L << 40, 1L << 40, 0).elementCount());
  }

  @Test
  void sizesThatDoNotFitAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> Tensor.of(new float[3], 2));
    assertThrows(IllegalArgumentException.class, () -> Tensor.ofStrings(List.of(), 1));
    assertThrows(IllegalArgumentException.class, () -> Tensor.of(new float[3], 2).reshaped(4));
  }

  @Test
  void callersCannotChangeATensor() {
    float[] source = {1f};
    Tensor tensor = Tensor.of(source, 1);
    source[0] = 2f;
    tensor.floats()[0] = 3f;
    tensor.sizes()[0] = 9;
    assertEquals(Tensor.of(new float[] {1f}, 1), tensor);
    assertThrows(java.nio.ReadOnlyBufferException.class, () -> tensor.data().put(0, (byte) 1));
  }
}
