package dev.octet.kernels.elementwise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.execute.OneNode;
import java.math.BigInteger;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ArithmeticTest {

  private static Tensor binary(String op, Tensor x, Tensor y) {
    return OneNode.of(op, 14).input(x).input(y).run(2);
  }

  @ParameterizedTest
  @EnumSource(names = {"INT8", "UINT8", "INT16", "UINT16", "INT32", "UINT32", "INT64", "UINT64"})
  void integersWrapAroundIntoTheirType(DataType type) {
    BigInteger modulus = BigInteger.ONE.shiftLeft(type.bits());
    long max =
        modulus.shiftRight(type.isSignedInteger() ? 1 : 0).subtract(BigInteger.ONE).longValue();
    long min = type.isSignedInteger() ? -max - 1 : 0;
    Tensor x = Tensor.ofIntegers(type, new long[] {max, min, max, 7}, 4);
    Tensor y = Tensor.ofIntegers(type, new long[] {1, 1, max, 2}, 4);
    long[] product = {max, min, 1, 14};
    assertArrayEquals(
        new long[] {min, min + 1, wrapped(type, max, max), 9}, binary("Add", x, y).integers());
    assertArrayEquals(new long[] {max - 1, max, 0, 5}, binary("Sub", x, y).integers());
    assertArrayEquals(product, binary("Mul", x, y).integers());
    assertArrayEquals(new long[] {max, min, 1, 3}, binary("Div", x, y).integers());
  }

  private static long wrapped(DataType type, long a, long b) {
    int unused = 64 - type.bits();
    long sum = a + b;
    return type.isSignedInteger() ? sum << unused >> unused : sum << unused >>> unused;
  }

  @Test
  void unsigned64BitIntegersCompareAsUnsigned() {
    Tensor x = Tensor.ofIntegers(DataType.UINT64, new long[] {-1, 3}, 2);
    Tensor y = Tensor.ofIntegers(DataType.UINT64, new long[] {2, 3}, 2);
    assertArrayEquals(new long[] {-1, 3}, binary("Max", x, y).integers());
    assertArrayEquals(new long[] {Long.MAX_VALUE, 1}, binary("Div", x, y).integers());
    assertArrayEquals(new byte[] {1, 0}, binary("Greater", x, y).bytes());
  }

  @Test
  void divisionByZeroNamesTheNode() {
    OneNode node =
        OneNode.of("Div", 14)
            .input(Tensor.of(new long[] {1}, 1))
            .input(Tensor.of(new long[] {0}, 1));
    OctetException refused = assertThrows(OctetException.class, node::run);
    assertEquals("OCT-RUN-005", refused.id());
    assertEquals("node 'node', Div", refused.place().orElseThrow());
  }

  @Test
  void moduloTakesTheSignOfTheDivisorOrOfTheDividend() {
    Tensor x = Tensor.of(new int[] {-7, 7, -7, 7}, 4);
    Tensor y = Tensor.of(new int[] {3, -3, -3, 3}, 4);
    assertArrayEquals(new long[] {2, -2, -1, 1}, binary("Mod", x, y).integers());
    Tensor c = OneNode.of("Mod", 14).input(x).input(y).with(Attribute.of("fmod", 1)).run();
    assertArrayEquals(new long[] {-1, 1, -1, 1}, c.integers());
  }

  @ParameterizedTest
  @CsvSource({
    "1x1, 1x1",
    "1, 4",
    "4, 1",
    "4x1, 1x5",
    "2x3x4, 4",
    "2x3x4, 3x1",
    "2x1x4, 3x1",
    "0x3, 3",
    "2x3x4, 2x3x4",
    "1x3x1, 2x1x5",
    "200x300, 300"
  })
  void operandsBroadcast(String left, String right) {
    long[] a = sizes(left);
    long[] b = sizes(right);
    float[] x = ramp(a, 1);
    float[] y = ramp(b, 1000);
    Tensor z = binary("Sub", Tensor.of(x, a), Tensor.of(y, b));
    long[] out = z.sizes();
    float[] expected = new float[(int) z.elementCount()];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = x[index(i, out, a)] - y[index(i, out, b)];
    }
    assertArrayEquals(expected, z.floats());
    float[] larger = binary("Max", Tensor.of(x, a), Tensor.of(y, b)).floats();
    for (int i = 0; i < expected.length; i++) {
      assertEquals(Math.max(x[index(i, out, a)], y[index(i, out, b)]), larger[i]);
    }
    Tensor sum = OneNode.of("Sum", 13).input(Tensor.of(x, a)).input(Tensor.of(y, b)).run();
    assertArrayEquals(out, sum.sizes());
  }

  private static long[] sizes(String text) {
    return Arrays.stream(text.split("x")).mapToLong(Long::parseLong).toArray();
  }

  private static float[] ramp(long[] sizes, float step) {
    int count = 1;
    for (long size : sizes) {
      count *= (int) size;
    }
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = i * step;
    }
    return values;
  }

  private static int index(int element, long[] out, long[] own) {
    int rest = element;
    int index = 0;
    int stride = 1;
    for (int axis = out.length - 1, o = own.length - 1; o >= 0; axis--, o--) {
      int coordinate = (int) (rest % out[axis]);
      rest /= (int) out[axis];
      index += own[o] == 1 ? 0 : coordinate * stride;
      stride *= (int) own[o];
    }
    return index;
  }

  @Test
  void comparisonsWithNanAreFalse() {
    float nan = Float.NaN;
    Tensor x = Tensor.of(new float[] {nan, 1, 0f, 2}, 4);
    Tensor y = Tensor.of(new float[] {nan, nan, -0f, 1}, 4);
    assertArrayEquals(new byte[] {0, 0, 1, 0}, binary("Equal", x, y).bytes());
    assertArrayEquals(new byte[] {0, 0, 0, 0}, binary("Less", x, y).bytes());
    assertArrayEquals(
        new byte[] {0, 0, 1, 1}, OneNode.of("GreaterOrEqual", 16).input(x).input(y).run().bytes());
  }

  @Test
  void whereChoosesByCondition() {
    Tensor y =
        OneNode.of("Where", 16)
            .input(Tensor.of(new boolean[] {true, false}, 2, 1))
            .input(Tensor.of(new long[] {1, 2, 3}, 3))
            .input(Tensor.of(new long[] {-9}, 1))
            .run();
    assertArrayEquals(new long[] {1, 2, 3, -9, -9, -9}, y.integers());
  }
}
