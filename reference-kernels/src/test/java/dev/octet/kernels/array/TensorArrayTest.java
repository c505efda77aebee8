package dev.octet.kernels.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TensorArrayTest {

  @ParameterizedTest
  @EnumSource
  void everyTypeComesBack(DataType type) {
    if (!ArrayKind.holds(type)) {
      assertThrows(IllegalArgumentException.class, () -> ArrayKind.of(type));
      return;
    }
    for (int count : new int[] {0, 1, 3, 4, 5, 17}) {
      byte[] bytes = new byte[(int) type.packedBytes(count)];
      new Random(count).nextBytes(bytes);
      int used = count * type.bits() % 8;
      if (used != 0) {
        bytes[bytes.length - 1] &= (byte) ((1 << used) - 1);
      }
      Tensor tensor = Tensor.ofBytes(type, new long[] {count}, ByteBuffer.wrap(bytes));
      assertEquals(tensor, TensorArray.of(tensor).toTensor());
    }
  }

  /** Tensors are read by windows of 1 MiB. */
  @ParameterizedTest
  @EnumSource(names = {"FLOAT", "INT16", "INT8", "UINT4", "INT2"})
  void elementsOfSeveralWindowsComeBack(DataType type) {
    int inWindow = (1 << 20) * 8 / type.bits();
    byte[] bytes = new byte[(int) type.packedBytes(inWindow + 8)];
    new Random(inWindow).nextBytes(bytes);
    Tensor tensor = Tensor.ofBytes(type, new long[] {inWindow + 8}, ByteBuffer.wrap(bytes));
    assertEquals(tensor, TensorArray.of(tensor).toTensor());
  }

  @Test
  void smallIntegersAreExtended() {
    Tensor signed = Tensor.ofIntegers(DataType.INT4, new long[] {-8, 7, -1}, 3);
    assertArrayEquals(new byte[] {-8, 7, -1}, (byte[]) TensorArray.of(signed).array());
    Tensor unsigned = Tensor.ofIntegers(DataType.UINT2, new long[] {3, 0, 2, 1, 3}, 5);
    assertArrayEquals(new byte[] {3, 0, 2, 1, 3}, (byte[]) TensorArray.of(unsigned).array());
  }

  @Test
  void whatStandsBehindTheElementsIsIgnored() {
    TensorArray longer = new TensorArray(ArrayType.of(DataType.FLOAT, 2), new float[] {1, 2, 3});
    assertArrayEquals(new float[] {1, 2}, longer.toTensor().floats());
  }
}
