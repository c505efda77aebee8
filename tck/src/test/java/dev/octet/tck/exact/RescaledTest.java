package dev.octet.tck.exact;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.tck.integers.Meaning;
import dev.octet.tck.integers.Operand;
import dev.octet.tck.integers.Step;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RescaledTest {

  private static final DataType INT8 = DataType.INT8;

  private static Step step(String op, Meaning y, List<Operand> operands, Attribute... attributes) {
    return new Step("n", OpType.onnx(op), List.of(attributes), operands, "y", y);
  }

  private static Operand stored(String name, float scale, long zeroPoint) {
    return new Operand.Stored(name, Meaning.perTensor(INT8, scale, zeroPoint));
  }

  private static long[] integers(
      Step step, Map<String, Tensor> read, boolean twice, long... sizes) {
    Allowed allowed = Rescaled.of(step, read, sizes, twice);
    long[] all = new long[Coordinates.count(sizes)];
    for (int i = 0; i < all.length; i++) {
      all[i] = allowed.expected(i);
    }
    return all;
  }

  private static Tensor bytes(long... values) {
    return Tensor.ofIntegers(INT8, values, values.length);
  }

  @Test
  void addsAsTheKernelOfCmsisNnDoes() {
    Random random = new Random(7);
    float[] scales = {0.1f, 0.037f, 0.25f, 0.0042f};
    for (int round = 0; round < 20; round++) {
      float a = scales[random.nextInt(4)];
      float b = scales[random.nextInt(4)];
      float y = scales[random.nextInt(4)];
      long[] first = new long[256];
      long[] second = new long[256];
      long[] expected = new long[256];
      long z = random.nextInt(256) - 128;
      for (int i = 0; i < 256; i++) {
        first[i] = i - 128;
        second[i] = random.nextInt(256) - 128;
        expected[i] = armAdd((int) first[i] - 3, (int) second[i] + 128, a, b, y, (int) z);
      }
      Step step =
          step(
              "Add",
              Meaning.perTensor(INT8, y, z),
              List.of(stored("a", a, 3), stored("b", b, -128)));
      assertArrayEquals(
          expected,
          integers(step, Map.of("a", bytes(first), "b", bytes(second)), true, 256),
          a + " " + b + " " + y);
    }
  }

  /** arm_elementwise_add_s8 in 32 bits, with the multipliers that TFLite prepares. */
  private static long armAdd(int a, int b, float scaleA, float scaleB, float scaleY, int zero) {
    double unit = 2.0 * Math.max(scaleA, scaleB);
    int sum = requantize(a << 20, scaleA / unit) + requantize(b << 20, scaleB / unit);
    int scaled = requantize(sum, unit / ((1 << 20) * (double) scaleY));
    return Math.max(-128, Math.min(127, scaled + zero));
  }

  /** arm_nn_requantize with double rounding. */
  private static int requantize(int value, double factor) {
    int exponent = Math.getExponent(factor) + 1;
    long multiplier = Math.round(Math.scalb(factor, 31 - exponent));
    if (multiplier == 1L << 31) {
      multiplier /= 2;
      exponent++;
    }
    int left = exponent > 0 ? value << exponent : value;
    int high = (int) ((left * multiplier + (1L << 30)) >> 31);
    int right = exponent > 0 ? 0 : -exponent;
    int mask = (int) ((1L << right) - 1);
    int threshold = (mask >> 1) + (high < 0 ? 1 : 0);
    return (high >> right) + ((high & mask) > threshold ? 1 : 0);
  }

  @Test
  void bothRoundingsDifferAtNegativeTies() {
    Step step = step("Identity", Meaning.perTensor(INT8, 1, 0), List.of(stored("x", 0.5f, 0)));
    Map<String, Tensor> read = Map.of("x", bytes(-128, -3, -1, 0, 1, 3, 127));
    assertArrayEquals(new long[] {-64, -1, 0, 0, 1, 2, 64}, integers(step, read, false, 7));
    assertArrayEquals(new long[] {-64, -1, 0, 0, 1, 2, 64}, integers(step, read, true, 7));
    Step quarter = step("Identity", Meaning.perTensor(INT8, 1, 0), List.of(stored("x", 0.25f, 0)));
    Map<String, Tensor> ties = Map.of("x", bytes(-6, -2, 2, 6));
    assertArrayEquals(new long[] {-1, 0, 1, 2}, integers(quarter, ties, false, 4));
    assertArrayEquals(new long[] {-2, -1, 1, 2}, integers(quarter, ties, true, 4));
  }

  @Test
  void reluAndClipKeepToTheIntegersOfTheirBounds() {
    Map<String, Tensor> read = Map.of("x", bytes(-128, -1, 0, 1, 127));
    Step relu = step("Relu", Meaning.perTensor(INT8, 1, 5), List.of(stored("x", 1, 0)));
    assertArrayEquals(new long[] {5, 5, 5, 6, 127}, integers(relu, read, true, 5));
    Step clip =
        step(
            "Clip",
            Meaning.perTensor(INT8, 1, 0),
            List.of(
                stored("x", 1, 0),
                new Operand.Plain(Tensor.of(new float[] {-1.5f})),
                new Operand.Plain(Tensor.of(new float[] {6}))));
    assertArrayEquals(new long[] {-2, -1, 0, 1, 6}, integers(clip, read, true, 5));
  }

  @Test
  void negativesOfLeakyReluHaveTheFactorOfTheSlope() {
    Map<String, Tensor> read = Map.of("x", bytes(-128, -8, 0, 8));
    Step step =
        step(
            "LeakyRelu",
            Meaning.perTensor(INT8, 1, 0),
            List.of(stored("x", 1, 0)),
            Attribute.of("alpha", -0.25f));
    assertArrayEquals(new long[] {32, 2, 0, 8}, integers(step, read, true, 4));
  }

  @Test
  void eachOperandOfConcatHasItsFactor() {
    Step step =
        step(
            "Concat",
            Meaning.perTensor(INT8, 0.5f, 1),
            List.of(stored("a", 1, -1), stored("b", 0.5f, 1)),
            Attribute.of("axis", -1L));
    Map<String, Tensor> read = Map.of("a", bytes(-128, 0, 127), "b", bytes(-128, 127));
    assertArrayEquals(new long[] {-128, 3, 127, -128, 127}, integers(step, read, false, 5));
  }

  @Test
  void knowsOneScaleEachAndNarrowIntegers() {
    Meaning y = Meaning.perTensor(INT8, 1, 0);
    Operand x = stored("x", 1, 0);
    assertTrue(Rescaled.knows(step("Add", y, List.of(x, x))));
    assertFalse(
        Rescaled.knows(step("Add", y, List.of(x, new Operand.Plain(Tensor.of(new float[] {1}))))));
    assertFalse(Rescaled.knows(step("Mul", y, List.of(x, x))));
    assertFalse(Rescaled.knows(step("Relu", Meaning.perTensor(DataType.INT32, 1, 0), List.of(x))));
    assertFalse(Rescaled.knows(step("Relu", Meaning.perChannel(INT8, List.of(1f), 0), List.of(x))));
    assertEquals(
        1,
        Rescaled.of(step("Relu", y, List.of(x)), Map.of("x", bytes(1)), new long[] {1}, true)
            .expected(0));
  }
}
