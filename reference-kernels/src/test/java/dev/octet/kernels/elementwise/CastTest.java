package dev.octet.kernels.elementwise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.execute.OneNode;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CastTest {

  private static Tensor cast(Tensor x, DataType to) {
    return OneNode.of("Cast", 13).input(x).with(Attribute.of("to", to.ordinal() + 1)).run();
  }

  @Test
  void floatsAreTruncated() {
    Tensor x = Tensor.of(new float[] {-1.9f, -0.5f, 0.5f, 1.9f, 3e9f, Float.NaN, 1e30f}, 7);
    assertArrayEquals(
        new long[] {-1, 0, 0, 1, 3_000_000_000L, 0, Long.MAX_VALUE},
        cast(x, DataType.INT64).integers());
    assertArrayEquals(
        new boolean[] {true, true, true, true, true, true, true}, truth(cast(x, DataType.BOOL)));
    assertArrayEquals(
        new boolean[] {false, false},
        truth(cast(Tensor.of(new float[] {0f, -0f}, 2), DataType.BOOL)));
  }

  private static boolean[] truth(Tensor tensor) {
    byte[] bytes = tensor.bytes();
    boolean[] truth = new boolean[bytes.length];
    for (int i = 0; i < truth.length; i++) {
      truth[i] = bytes[i] == 1;
    }
    return truth;
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        1,
        -1,
        (1 << 24) + 1,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        Long.MIN_VALUE + 1,
        0x7fffffbfffffffffL,
        0x7fffffc000000000L,
        0x8000008000000000L,
        0x8000008000000001L,
        0x8000018000000000L,
        0xffffff8000000000L,
        0x1000001000000001L,
        0x1000003000000000L
      })
  void integersAreRoundedOnce(long value) {
    float signed = cast(Tensor.of(new long[] {value}, 1), DataType.FLOAT).floats()[0];
    assertEquals(BigInteger.valueOf(value).floatValue(), signed);
    Tensor x = Tensor.ofIntegers(DataType.UINT64, new long[] {value}, 1);
    BigInteger exact = new BigInteger(Long.toUnsignedString(value));
    assertEquals(exact.floatValue(), cast(x, DataType.FLOAT).floats()[0]);
    assertEquals(exact.doubleValue(), cast(x, DataType.DOUBLE).doubles()[0]);
  }

  @Test
  void narrowIntegersKeepTheirLowestBits() {
    Tensor x = Tensor.of(new int[] {300, -1, 128, -129}, 4);
    assertArrayEquals(new long[] {44, -1, -128, 127}, cast(x, DataType.INT8).integers());
    assertArrayEquals(new long[] {44, 255, 128, 127}, cast(x, DataType.UINT8).integers());
    assertArrayEquals(new long[] {-4, -1, 0, -1}, cast(x, DataType.INT4).integers());
    assertArrayEquals(new long[] {12, 15, 0, 15}, cast(x, DataType.UINT4).integers());
  }

  @Test
  void castsToTheSameTypeChangeNothing() {
    Tensor x = Tensor.of(new float[] {-0f, Float.NaN}, 2);
    assertEquals(x, cast(x, DataType.FLOAT));
  }
}
