package dev.octet.kernels.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import org.junit.jupiter.api.Test;

class ConstantTest {

  @Test
  void aStoredConstantIsUnpackedOnce() {
    Tensor packed = Tensor.ofIntegers(DataType.INT4, new long[] {-8, 7, 1}, 3);
    Constant constant = Constant.of(packed);
    assertEquals(ArrayType.of(DataType.INT4, 3), constant.type());
    assertSame(packed, constant.tensor());
    assertArrayEquals(new byte[] {-8, 7, 1}, (byte[]) constant.array().array());
    assertSame(constant.array(), constant.array());
  }

  @Test
  void aComputedConstantHasItsStoredFormToo() {
    TensorArray array = new TensorArray(ArrayType.of(DataType.INT4, 3), new byte[] {-8, 7, 1, 99});
    Constant constant = Constant.of(array);
    assertSame(array, constant.array());
    assertEquals(Tensor.ofIntegers(DataType.INT4, new long[] {-8, 7, 1}, 3), constant.tensor());
    assertSame(constant.tensor(), constant.tensor());
  }
}
