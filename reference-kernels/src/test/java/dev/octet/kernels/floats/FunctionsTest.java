package dev.octet.kernels.floats;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.execute.OneNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FunctionsTest {

  private static final float INF = Float.POSITIVE_INFINITY;
  private static final float NAN = Float.NaN;

  private static float[] apply(OneNode node, float... x) {
    return node.input(Tensor.of(x, x.length)).run().floats();
  }

  @Test
  void reluKeepsNan() {
    Floats.assertSameBits(
        new float[] {0, 0, 0, 1.5f, INF, 0, NAN},
        apply(OneNode.of("Relu", 13), 0f, -0f, -1f, 1.5f, INF, -INF, NAN));
  }

  @Test
  void clipKeepsNanAndTakesBoundsFromAttributesAndOperands() {
    float[] expected = {-1, 0.5f, 6, NAN, -1, 6};
    float[] x = {-9, 0.5f, 9, NAN, -INF, INF};
    OneNode old =
        OneNode.of("Clip", 6 + 1).with(Attribute.of("min", -1f)).with(Attribute.of("max", 6f));
    Floats.assertSameBits(expected, apply(old, x));
    Tensor y =
        OneNode.of("Clip", 13)
            .input(Tensor.of(x, 6))
            .constant(Tensor.of(new float[] {-1}))
            .input(Tensor.of(new float[] {6}))
            .run();
    Floats.assertSameBits(expected, y.floats());
    Tensor open =
        OneNode.of("Clip", 13)
            .input(Tensor.of(x, 6))
            .absent()
            .constant(Tensor.of(new float[] {6}))
            .run();
    Floats.assertSameBits(new float[] {-9, 0.5f, 6, NAN, -Float.MAX_VALUE, 6}, open.floats());
  }

  @Test
  void saturatingFunctionsReachTheirLimits() {
    float[] x = {-INF, -200, 0, 200, INF, NAN};
    Floats.assertSameBits(
        new float[] {0, (float) StrictMath.exp(-200), 0.5f, 1, 1, NAN},
        apply(OneNode.of("Sigmoid", 13), x));
    Floats.assertSameBits(new float[] {-1, -1, 0, 1, 1, NAN}, apply(OneNode.of("Tanh", 13), x));
    Floats.assertSameBits(new float[] {-1, -1, 0, 1, 1, NAN}, apply(OneNode.of("Erf", 13), x));
    Floats.assertSameBits(
        new float[] {0, (float) StrictMath.exp(-200), 1, INF, INF, NAN},
        apply(OneNode.of("Exp", 13), x));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 9, 40_000})
  void anyLengthAndAnyNumberOfThreads(int length) {
    float[] x = Floats.random(length, 1);
    float[] expected = new float[length];
    for (int i = 0; i < length; i++) {
      expected[i] = (float) StrictMath.sqrt(Math.abs(x[i]));
    }
    for (int threads : new int[] {1, 2, 7}) {
      Tensor abs = OneNode.of("Abs", 13).input(Tensor.of(x, length)).run(threads);
      Floats.assertSameBits(expected, OneNode.of("Sqrt", 13).input(abs).run(threads).floats());
    }
  }

  @Test
  void erfAgreesWithItsTaylorSeries() {
    for (double x : new double[] {1e-30, 1e-3, 0.1, 0.5, 1, 1.7, 2.5, 3.3}) {
      double exact = erf(new BigDecimal(x)).doubleValue();
      assertEquals(exact, ErrorFunction.erf(x), 4e-15 * exact);
      assertEquals(-exact, ErrorFunction.erf(-x), 4e-15 * exact);
    }
    assertEquals(1, ErrorFunction.erf(6));
    assertEquals(1, ErrorFunction.erf(Double.MAX_VALUE));
  }

  /** 2 / sqrt(pi) * sum of (-1)^n x^(2n+1) / (n! (2n+1)), in 60 digits. */
  private static BigDecimal erf(BigDecimal x) {
    MathContext digits = new MathContext(60);
    BigDecimal power = x;
    BigDecimal sum = BigDecimal.ZERO;
    for (int n = 0; n < 200; n++) {
      sum = sum.add(power.divide(BigDecimal.valueOf(2L * n + 1), digits), digits);
      power = power.multiply(x.multiply(x), digits).divide(BigDecimal.valueOf(-n - 1L), digits);
    }
    BigDecimal pi = new BigDecimal("3.14159265358979323846264338327950288419716939937510582097494");
    return sum.multiply(BigDecimal.valueOf(2)).divide(pi.sqrt(digits), digits);
  }

  @Test
  void smallSquaresCubesAndPowersAreRoundedOnce() {
    float x = 1.0000001f;
    float[] y =
        OneNode.of("Pow", 13)
            .input(Tensor.of(new float[] {x, x, x, -8, 0, 2}, 6))
            .input(Tensor.of(new float[] {2, 3, 0.5f, 3, 0, -1}, 6))
            .run()
            .floats();
    BigDecimal exact = new BigDecimal(x);
    Floats.assertSameBits(
        new float[] {exact.pow(2).floatValue(), exact.pow(3).floatValue(), 1, -512, 1, 0.5f}, y);
  }

  @Test
  void functionsInDoubleAreRoundedOnce() {
    DoubleUnaryOperator third = v -> v / 3;
    float[] y = new float[2];
    UnaryFunctions.inDouble(third).apply(new float[] {1, 2}, y, 0, 2);
    Floats.assertSameBits(new float[] {1f / 3, 2f / 3}, y);
  }

  @Test
  void batchNormalizationScalesByTheRoundedDeviation() {
    float[] x = Floats.random(2 * 3 * 5, 1);
    float[] scale = {1.5f, -2, 0};
    float[] bias = {0.25f, 1, 3};
    float[] mean = {0.1f, -7, 2};
    float[] variance = {0.5f, 2, 0};
    float epsilon = 1e-3f;
    float[] expected = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      int c = i / 5 % 3;
      float a = (float) (scale[c] / Math.sqrt((double) variance[c] + epsilon));
      expected[i] = Math.fma(x[i] - mean[c], a, bias[c]);
    }
    OneNode node = OneNode.of("BatchNormalization", 9).input(Tensor.of(x, 2, 3, 5));
    for (float[] parameter : new float[][] {scale, bias, mean, variance}) {
      node.constant(Tensor.of(parameter, 3));
    }
    Floats.assertSameBits(expected, node.with(Attribute.of("epsilon", epsilon)).run(2).floats());
  }
}
