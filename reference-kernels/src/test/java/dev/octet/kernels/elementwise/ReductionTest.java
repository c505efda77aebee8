package dev.octet.kernels.elementwise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.execute.OneNode;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReductionTest {

  private static final int[] SIZES = {3, 4, 5, 2};

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
  void anySetOfAxesIsSummedInDouble(int set) {
    float[] x = new float[120];
    Random random = new Random(1);
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(9)));
    }
    double[] sums = new double[120];
    int[] counts = new int[120];
    int results = 1;
    for (int i = 0; i < x.length; i++) {
      int kept = kept(i, set);
      sums[kept] += x[i];
      counts[kept]++;
      results = Math.max(results, kept + 1);
    }
    long[] axes =
        java.util.stream.LongStream.range(0, 4).filter(a -> (set >> a & 1) != 0).toArray();
    OneNode node =
        OneNode.of("ReduceMean", 18)
            .input(Tensor.of(x, 3, 4, 5, 2))
            .constant(Tensor.of(axes, axes.length))
            .with(Attribute.of("keepdims", 0))
            .with(Attribute.of("noop_with_empty_axes", 1));
    for (int threads : new int[] {1, 2, 7}) {
      float[] means = node.run(threads).floats();
      assertEquals(results, means.length);
      for (int i = 0; i < results; i++) {
        assertEquals((float) (sums[i] / counts[i]), means[i]);
      }
    }
  }

  /** The row-major index among the kept axes. */
  private static int kept(int element, int set) {
    int rest = element;
    int stride = 1;
    int kept = 0;
    for (int axis = 3; axis >= 0; axis--) {
      if ((set >> axis & 1) == 0) {
        kept += rest % SIZES[axis] * stride;
        stride *= SIZES[axis];
      }
      rest /= SIZES[axis];
    }
    return kept;
  }

  @Test
  void emptyAxesMeanAllUnlessToldOtherwise() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
    assertArrayEquals(new float[] {10}, OneNode.of("ReduceSum", 13).input(x).run().floats());
    OneNode none =
        OneNode.of("ReduceSum", 13).input(x).with(Attribute.of("noop_with_empty_axes", 1));
    assertArrayEquals(new float[] {1, 2, 3, 4}, none.run().floats());
    OneNode attribute = OneNode.of("ReduceSum", 11).input(x).with("axes", -1);
    assertArrayEquals(new float[] {3, 7}, attribute.run().floats());
  }

  @Test
  void emptyAxesOfNothingHaveNeutralResults() {
    Tensor x = Tensor.of(new float[0], 2, 0);
    long[] last = {1};
    Tensor axes = Tensor.of(last, 1);
    float[] sums = OneNode.of("ReduceSum", 13).input(x).constant(axes).run().floats();
    assertArrayEquals(new float[] {0, 0}, sums);
    float inf = Float.NEGATIVE_INFINITY;
    float[] maxima = OneNode.of("ReduceMax", 18).input(x).constant(axes).run().floats();
    assertArrayEquals(new float[] {inf, inf}, maxima);
  }

  @Test
  void extremesOfNanAreNan() {
    Tensor x = Tensor.of(new float[] {1, Float.NaN, 3}, 3);
    assertArrayEquals(new float[] {Float.NaN}, OneNode.of("ReduceMax", 13).input(x).run().floats());
    assertArrayEquals(new float[] {Float.NaN}, OneNode.of("ReduceMin", 13).input(x).run().floats());
  }

  @Test
  void logSumExpDoesNotOverflow() {
    Tensor x = Tensor.of(new float[] {1e20f, 1e20f}, 2);
    assertArrayEquals(
        new float[] {1e20f}, OneNode.of("ReduceLogSumExp", 13).input(x).run().floats());
  }

  @Test
  void integersAreReducedIn64Bits() {
    Tensor x = Tensor.of(new int[] {Integer.MAX_VALUE, 1, -3}, 3);
    assertArrayEquals(
        new long[] {Integer.MAX_VALUE - 2}, OneNode.of("ReduceSum", 13).input(x).run().integers());
    assertArrayEquals(new long[] {-3}, OneNode.of("ReduceMin", 13).input(x).run().integers());
    Tensor bytes = Tensor.of(DataType.UINT8, new byte[] {-1, 5}, 2);
    assertArrayEquals(new byte[] {-1}, OneNode.of("ReduceMax", 13).input(bytes).run().bytes());
  }

  @Test
  void argumentsOfExtremesAreTheFirstOrTheLast() {
    Tensor x = Tensor.of(new float[] {1, 5, 5, 0, 0, Float.NaN}, 1, 6);
    OneNode first = OneNode.of("ArgMax", 13).input(x).with(Attribute.of("axis", 1));
    assertArrayEquals(new long[] {1}, first.run().integers());
    OneNode last =
        OneNode.of("ArgMax", 13)
            .input(x)
            .with(Attribute.of("axis", 1))
            .with(Attribute.of("select_last_index", 1));
    assertArrayEquals(new long[] {2}, last.run().integers());
    OneNode lowest = OneNode.of("ArgMin", 13).input(x).with(Attribute.of("axis", 1));
    assertArrayEquals(new long[] {3}, lowest.run().integers());
  }
}
