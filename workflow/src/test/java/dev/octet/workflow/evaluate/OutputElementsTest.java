package dev.octet.workflow.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutputElementsTest {

  private static Tensor bytes(DataType type, int elements, int... bytes) {
    byte[] data = new byte[bytes.length];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) bytes[i];
    }
    return Tensor.ofBytes(type, new long[] {elements}, ByteBuffer.wrap(data));
  }

  private static double[] of(Tensor tensor) {
    return OutputElements.of("y", tensor);
  }

  @Test
  void floatsOfEveryWidthAreTheirValues() {
    assertArrayEquals(new double[] {-0.5, 3}, of(Tensor.of(new float[] {-0.5f, 3}, 2)));
    assertArrayEquals(
        new double[] {1, -2, 65504}, of(bytes(DataType.FLOAT16, 3, 0, 0x3C, 0, 0xC0, 0xFF, 0x7B)));
    assertArrayEquals(new double[] {1, -2}, of(bytes(DataType.BFLOAT16, 2, 0x80, 0x3F, 0, 0xC0)));
    assertArrayEquals(new double[] {2}, of(bytes(DataType.DOUBLE, 1, 0, 0, 0, 0, 0, 0, 0, 0x40)));
    assertArrayEquals(new double[0], of(Tensor.of(new float[0], 0, 3)));
  }

  @Test
  void integersAreTheirValuesAndTrueIsOne() {
    assertArrayEquals(
        new double[] {Long.MIN_VALUE, 7}, of(Tensor.of(new long[] {Long.MIN_VALUE, 7}, 2)));
    assertArrayEquals(new double[] {-128, 127}, of(bytes(DataType.INT8, 2, 0x80, 0x7F)));
    assertArrayEquals(new double[] {255}, of(bytes(DataType.UINT8, 1, 0xFF)));
    assertArrayEquals(new double[] {-8, 7, 1}, of(bytes(DataType.INT4, 3, 0x78, 0x01)));
    assertArrayEquals(new double[] {0, 1}, of(bytes(DataType.BOOL, 2, 0, 1)));
  }

  @Test
  void whatIsNoNumberIsRefusedByNameAndType() {
    for (Tensor tensor :
        List.of(
            Tensor.ofStrings(List.of(new byte[] {65}), 1),
            bytes(DataType.COMPLEX64, 1, 0, 0, 0, 0, 0, 0, 0, 0),
            bytes(DataType.FLOAT8E5M2, 1, 0))) {
      OctetException refused = assertThrows(OctetException.class, () -> of(tensor));
      assertEquals("OCT-CLI-010", refused.id());
      assertEquals(
          "output 'y' of type " + tensor.dataType() + " cannot be compared", refused.fact());
    }
  }
}
