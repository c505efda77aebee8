package dev.octet.kernels.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import java.util.Optional;
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

  @Test
  void whatIsReleasedIsNeverGivenAgain() {
    Constant constant = Constant.of(Tensor.of(new float[] {1, 2}, 2));
    assertEquals(Optional.of(constant.tensor()), constant.tensorIfKept());
    constant.release();
    assertEquals(Optional.empty(), constant.tensorIfKept());
    assertEquals(ArrayType.of(DataType.FLOAT, 2), constant.type());
    assertThrows(IllegalStateException.class, constant::tensor);
    assertThrows(IllegalStateException.class, constant::array);
  }

  /** NaNs keep their bits, whichever form was there first. */
  @Test
  void oneOfTwoFormsIsEnoughForBoth() {
    float nan = Float.intBitsToFloat(0x7FC12345);
    Tensor stored = Tensor.of(new float[] {nan, -0f, 3}, 3);
    Constant constant = Constant.of(stored);
    constant.releaseStoredTwice();
    assertSame(stored, constant.tensor(), "there is no other form yet");
    Object array = constant.array().array();
    constant.releaseStoredTwice();
    assertNotSame(stored, constant.tensor());
    assertEquals(stored, constant.tensor());
    assertSame(array, constant.array().array());
  }
}
