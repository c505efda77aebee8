package dev.octet.workflow.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.policy.Policy;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.normalise.Models;
import dev.octet.workflow.provenance.Claim;
import dev.octet.workflow.provenance.Claims;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Weights that are fitted to data, against the plainest form of the same computation. */
class GptqRoundingTest {

  private static final IntxWeightOnlyConfig BASE =
      IntxWeightOnlyConfig.builder()
          .weightBits(4)
          .granularity(WeightGranularity.perGroup(8))
          .build();

  private static float[][] rows(int seed, int count, int width) {
    Random random = new Random(seed);
    float[][] rows = new float[count][width];
    for (float[] row : rows) {
      float shared = (float) random.nextGaussian();
      for (int i = 0; i < width; i++) {
        row[i] = shared + (float) random.nextGaussian() * (1 + i % 5);
      }
    }
    return rows;
  }

  private static Tensor matrix(int seed, int inputs, int outputs) {
    float[] elements = new float[inputs * outputs];
    Random random = new Random(seed);
    for (int i = 0; i < elements.length; i++) {
      elements[i] = (float) random.nextGaussian();
    }
    return Tensor.of(elements, inputs, outputs);
  }

  private static Models product(Tensor w) {
    return new Models()
        .samples("x", w.sizes()[0])
        .output("y", 2)
        .constant("w", w)
        .node("linear", "MatMul", List.of("x", "w"), "y");
  }

  private static Graph fitted(Model model, SourceScheme scheme, float[][] samples, int threads) {
    long[] shape = {samples[0].length};
    try (DataSource data = DataSource.of(model.graph(), shape, samples)) {
      return SourceQuantization.quantize(
              model, scheme, Policy.none(), data, Execution.threads(threads))
          .model()
          .graph();
    }
  }

  private static long[] integers(Graph graph) {
    return graph.initializers().get("w_quantized").integers();
  }

  private static double[][] inverse(double[][] matrix) {
    int n = matrix.length;
    double[][] work = new double[n][2 * n];
    for (int i = 0; i < n; i++) {
      System.arraycopy(matrix[i], 0, work[i], 0, n);
      work[i][n + i] = 1;
    }
    for (int k = 0; k < n; k++) {
      double pivot = work[k][k];
      for (int j = 0; j < 2 * n; j++) {
        work[k][j] /= pivot;
      }
      for (int i = 0; i < n; i++) {
        double times = i == k ? 0 : work[i][k];
        for (int j = 0; j < 2 * n; j++) {
          work[i][j] -= times * work[k][j];
        }
      }
    }
    return Arrays.stream(work)
        .map(row -> Arrays.copyOfRange(row, n, 2 * n))
        .toArray(double[][]::new);
  }

  private static double[][] hessian(float[][] samples, double damp) {
    int k = samples[0].length;
    double[][] sums = new double[k][k];
    for (float[] x : samples) {
      for (int i = 0; i < k; i++) {
        for (int j = 0; j < k; j++) {
          sums[i][j] += 2.0 * x[i] * x[j];
        }
      }
    }
    double mean = 0;
    for (int i = 0; i < k; i++) {
      mean += sums[i][i] / k;
    }
    for (int i = 0; i < k; i++) {
      sums[i][i] = sums[i][i] == 0 ? 1 : sums[i][i] + damp * mean;
    }
    return sums;
  }

  /**
   * One column after the other, no blocks, no factor: after each one the inverse of the Hessian of
   * those that are left is computed anew, and the exact update of optimal brain surgery follows.
   */
  private static long[] naive(Tensor w, float[][] samples, int group) {
    int inputs = (int) w.sizes()[0];
    int outputs = (int) w.sizes()[1];
    float[] elements = w.floats();
    long[] integers = new long[elements.length];
    double[][] hessian = hessian(samples, 0.01);
    for (int n = 0; n < outputs; n++) {
      double[] row = new double[inputs];
      for (int k = 0; k < inputs; k++) {
        row[k] = elements[k * outputs + n];
      }
      double scale = 0;
      for (int k = 0; k < inputs; k++) {
        if (k % group == 0) {
          float most = 0;
          for (int i = k; i < Math.min(inputs, k + group); i++) {
            most = Math.max(most, Math.abs((float) row[i]));
          }
          scale = most / 7.5f;
        }
        double[][] left = new double[inputs - k][inputs - k];
        for (int i = k; i < inputs; i++) {
          System.arraycopy(hessian[i], k, left[i - k], 0, inputs - k);
        }
        double[][] inverse = inverse(left);
        float steps = (float) row[k] * (1f / (float) scale);
        long q = (long) Math.min(Math.max(Math.rint(steps), -8), 7);
        integers[k * outputs + n] = q;
        double error = (row[k] - (float) (q * (float) scale)) / inverse[0][0];
        for (int i = k; i < inputs; i++) {
          row[i] -= error * inverse[0][i - k];
        }
      }
    }
    return integers;
  }

  @Test
  void roundsAsTheNaiveFormDoes() {
    for (int outputs : new int[] {1, 3, 33}) {
      Tensor w = matrix(3, 24, outputs);
      float[][] samples = rows(4, 40, 24);
      long[] expected = naive(w, samples, 8);
      long[] got = integers(fitted(product(w).model(21), gptq(BASE), samples, 1));
      assertArrayEquals(expected, got, outputs + " outputs");
    }
  }

  private static SourceScheme gptq(SourceScheme base) {
    return GptqConfig.builder().baseConfig(base).build();
  }

  /** A group that the inputs do not fill, and inputs along the second axis of the constant. */
  @Test
  void roundsAPaddedTransposedWeight() {
    Tensor w = matrix(5, 21, 4);
    float[] turned = new float[84];
    for (int i = 0; i < 84; i++) {
      turned[i % 4 * 21 + i / 4] = w.floats()[i];
    }
    float[][] samples = rows(6, 30, 21);
    Model gemm =
        new Models()
            .samples("x", 21)
            .output("y", 2)
            .constant("w", Tensor.of(turned, 4, 21))
            .node("linear", "Gemm", List.of("x", "w"), "y", Attribute.of("transB", 1L))
            .model(21);
    SourceScheme scheme =
        gptq(
            IntxWeightOnlyConfig.builder()
                .weightBits(4)
                .granularity(WeightGranularity.perGroup(8))
                .paddingAllowed(true)
                .build());
    long[] got = integers(fitted(gemm, scheme, samples, 1));
    long[] expected = naive(w, samples, 8);
    for (int i = 0; i < 84; i++) {
      assertEquals(expected[i], got[i % 4 * 21 + i / 4], "element " + i);
    }
  }

  @Test
  void hasTheSameBitsOnAnyNumberOfThreads() {
    Tensor w = matrix(7, 40, 70);
    float[][] samples = rows(8, 9, 40);
    for (SourceScheme scheme :
        List.of(gptq(BASE), Int8DynActBestWeightQuantizer.builder().groupSize(8).build())) {
      Graph one = fitted(product(w).model(21), scheme, samples, 1);
      Graph three = fitted(product(w).model(21), scheme, samples, 3);
      assertArrayEquals(integers(one), integers(three));
      assertArrayEquals(
          TorchaoLayers.scales(one, "w_scale"), TorchaoLayers.scales(three, "w_scale"));
    }
  }

  /** The squared error of the results on the data that the weights were fitted to. */
  private static double loss(Tensor w, Graph graph, float[][] samples) {
    long[] q = integers(graph);
    float[] scales = TorchaoLayers.scales(graph, "w_scale");
    Tensor stored = graph.initializers().get("w_zero_point");
    long[] zeros = stored == null ? new long[scales.length] : stored.integers();
    int outputs = (int) w.sizes()[1];
    int group = (int) w.sizes()[0] * outputs / scales.length;
    double sum = 0;
    for (float[] x : samples) {
      for (int n = 0; n < outputs; n++) {
        double lost = 0;
        for (int k = 0; k < x.length; k++) {
          int pair = k / group * outputs + n;
          int i = k * outputs + n;
          lost += x[k] * (w.floats()[i] - (q[i] - zeros[pair]) * (double) scales[pair]);
        }
        sum += lost * lost;
      }
    }
    return sum;
  }

  @Test
  void losesLessOnTheDataThanRoundingToTheNearest() {
    Tensor w = matrix(9, 32, 8);
    float[][] samples = rows(10, 100, 32);
    Model model = product(w).model(21);
    Graph nearest = SourceQuantization.quantize(model, BASE).model().graph();
    double plain = loss(w, nearest, samples);
    double fitted = loss(w, fitted(model, gptq(BASE), samples, 2), samples);
    SourceScheme searched =
        gptq(
            IntxWeightOnlyConfig.builder()
                .weightBits(4)
                .granularity(WeightGranularity.perGroup(8))
                .chooseQparamsAlgorithm(ScaleAlgorithm.SQUARED_ERROR)
                .build());
    double best = loss(w, fitted(model, searched, samples, 2), samples);
    SourceScheme ordered = GptqConfig.builder().baseConfig(BASE).actOrder(true).build();
    double inOrder = loss(w, fitted(model, ordered, samples, 2), samples);
    String all = plain + ", " + fitted + ", " + inOrder + ", " + best;
    assertTrue(fitted < 0.9 * plain, all);
    assertTrue(inOrder < 0.9 * plain, all);
    assertTrue(best < fitted, all);
  }

  @Test
  void roundsToTheNearestWhereInputsAreAlwaysZero() {
    Tensor w = matrix(11, 16, 5);
    Model model = product(w).model(21);
    Graph nearest = SourceQuantization.quantize(model, BASE).model().graph();
    assertArrayEquals(integers(nearest), integers(fitted(model, gptq(BASE), new float[3][16], 1)));
    float[][] samples = rows(12, 20, 16);
    for (float[] sample : samples) {
      Arrays.fill(sample, 8, 16, 0f);
    }
    long[] half = integers(fitted(model, gptq(BASE), samples, 1));
    assertArrayEquals(
        Arrays.copyOfRange(integers(nearest), 40, 80), Arrays.copyOfRange(half, 40, 80));
  }

  @Test
  void takesFewerSamplesThanInputsAndWeightsOfZeros() {
    Tensor w = matrix(13, 24, 3);
    float[][] samples = rows(14, 2, 24);
    Model model = product(w).model(21);
    double plain = loss(w, SourceQuantization.quantize(model, BASE).model().graph(), samples);
    assertTrue(loss(w, fitted(model, gptq(BASE), samples, 1), samples) < plain);
    Model zeros = product(Tensor.of(new float[24], 8, 3)).model(21);
    assertArrayEquals(new long[24], integers(fitted(zeros, gptq(BASE), rows(1, 4, 8), 1)));
    SourceScheme best = Int8DynActBestWeightQuantizer.builder().groupSize(8).build();
    long[] zeroPoints = integers(fitted(zeros, best, rows(1, 4, 8), 1));
    assertEquals(1, Arrays.stream(zeroPoints).distinct().count());
  }

  /** The sums of both layers count: it is the same as one layer on the data of both. */
  @Test
  void fitsASharedWeightToTheInputsOfAllItsLayers() {
    Tensor w = matrix(15, 8, 8);
    float[][] samples = rows(16, 12, 8);
    Model shared =
        new Models()
            .samples("x", 8)
            .output("y", 2)
            .output("z", 2)
            .constant("w", w)
            .node("first", "MatMul", List.of("x", "w"), "y")
            .node("minus", "Neg", List.of("x"), "m")
            .node("relu", "Relu", List.of("m"), "r")
            .node("second", "MatMul", List.of("r", "w"), "z")
            .model(21);
    List<float[]> both = new ArrayList<>(List.of(samples));
    for (float[] sample : samples) {
      float[] other = new float[8];
      for (int i = 0; i < 8; i++) {
        other[i] = Math.max(0f, -sample[i]);
      }
      both.add(other);
    }
    assertArrayEquals(
        integers(fitted(product(w).model(21), gptq(BASE), both.toArray(float[][]::new), 1)),
        integers(fitted(shared, gptq(BASE), samples, 1)));
  }

  /** A table that a layer reads turned round is fitted to what the layer multiplies. */
  @Test
  void fitsATableToTheLayerThatSharesIt() {
    Tensor table = TurnedMatrix.of(matrix(22, 8, 6));
    Model model =
        new Models()
            .samples("x", 8)
            .constant("w", table)
            .constant("v", TurnedMatrix.of(table))
            .output("y", 2)
            .node(
                "largest",
                "ArgMax",
                List.of("x"),
                "i",
                Attribute.of("axis", 1L),
                Attribute.of("keepdims", 0L))
            .constant("six", Tensor.of(new long[] {6}, 1))
            .node("least", "Mod", List.of("i", "six"), "m")
            .node("choose", "Gather", List.of("w", "m"), "e")
            .node("sum", "Add", List.of("x", "e"), "s")
            .node("head", "MatMul", List.of("s", "v"), "y")
            .model(21);
    float[][] samples = rows(23, 12, 8);
    float[][] sums = new float[12][8];
    for (int i = 0; i < 12; i++) {
      for (int k = 0; k < 8; k++) {
        sums[i][k] = samples[i][k] + table.floats()[largest(samples[i]) % 6 * 8 + k];
      }
    }
    long[] turned =
        integers(fitted(product(TurnedMatrix.of(table)).model(21), gptq(BASE), sums, 1));
    long[] tied = integers(fitted(model, new WithEmbeddings(gptq(BASE), true), samples, 1));
    for (int i = 0; i < 48; i++) {
      assertEquals(turned[i % 8 * 6 + i / 8], tied[i], "element " + i);
    }
    Graph apart = fitted(model, new WithEmbeddings(gptq(BASE), false), samples, 1);
    assertTrue(apart.initializers().containsKey("v_quantized"));
  }

  private static int largest(float[] row) {
    int largest = 0;
    for (int i = 1; i < row.length; i++) {
      largest = row[i] > row[largest] ? i : largest;
    }
    return largest;
  }

  @Test
  void saysWhatIsWrongWithTheData() {
    Model model = product(matrix(17, 8, 2)).model(21);
    OctetException e =
        assertThrows(OctetException.class, () -> SourceQuantization.quantize(model, gptq(BASE)));
    assertEquals("OCT-SRC-007", e.id());
    assertTrue(e.getMessage().contains("there is no data for GptqConfig"), e.getMessage());
    float[][] samples = rows(18, 3, 8);
    samples[1][2] = Float.NaN;
    e = assertThrows(OctetException.class, () -> fitted(model, gptq(BASE), samples, 1));
    assertEquals("OCT-SRC-008", e.id());
    assertTrue(e.getMessage().contains("'linear'"), e.getMessage());
  }

  @Test
  void tellsHowFarItIsAndStopsWhenItIsCancelled() {
    Model model =
        product(matrix(19, 8, 8))
            .constant("v", matrix(20, 8, 2))
            .output("z", 2)
            .node("head", "MatMul", List.of("y", "v"), "z")
            .model(21);
    List<String> told = new ArrayList<>();
    float[][] samples = rows(21, 2, 8);
    try (DataSource data = DataSource.of(model.graph(), new long[] {8}, samples)) {
      Execution listening =
          Execution.threads(1).progress((done, total) -> told.add(done + " of " + total));
      SourceQuantization.quantize(model, gptq(BASE), Policy.none(), data, listening);
      assertEquals(List.of("1 of 4", "2 of 4", "3 of 4", "4 of 4"), told);
      Execution cancelled = Execution.threads(1).cancellation(() -> true);
      OctetException e =
          assertThrows(
              OctetException.class,
              () -> SourceQuantization.quantize(model, gptq(BASE), Policy.none(), data, cancelled));
      assertEquals("OCT-RUN-007", e.id());
    }
  }

  /** The runs come layer by layer, and a stream comes once. */
  @Test
  void aStreamIsReadOnceOnTheCallersThreadAndKept() {
    Model model =
        product(matrix(19, 8, 8))
            .constant("v", matrix(20, 8, 2))
            .output("z", 2)
            .node("head", "MatMul", List.of("y", "v"), "z")
            .model(21);
    float[][] samples = rows(21, 5, 8);
    Thread caller = Thread.currentThread();
    List<Integer> told = new ArrayList<>();
    Execution execution =
        Execution.threads(3)
            .progress(
                (done, total) -> {
                  assertEquals(caller, Thread.currentThread());
                  told.add(done);
                });
    SourceQuantized kept =
        SourceQuantization.quantize(
            model, gptq(BASE), Policy.none(), DataSource.of(cursor(samples)), execution);
    assertEquals(
        fitted(model, gptq(BASE), samples, 1).initializers(), kept.model().graph().initializers());
    assertEquals(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), told);
    SourceRecipe recipe =
        new SourceRecipe(
            SchemeName.of("int8dyn-int4-gptq"),
            SchemeOptions.none(),
            false,
            false,
            List.of(),
            ModelForm.of("qdq"));
    Model recorded = recipe.quantize(model, DataSource.of(cursor(samples)), execution).model();
    assertEquals(Optional.of("5"), Claims.of(recorded).get(Claim.SAMPLES));
  }

  @Test
  void aStreamOfMoreSamplesThanAreKeptIsRefused() {
    Model model = product(matrix(17, 8, 2)).model(21);
    float[][] samples = rows(22, SourceQuantization.KEPT_SAMPLES + 1, 8);
    Iterator<Map<String, Tensor>> cursor = cursor(samples);
    OctetException e =
        assertThrows(
            OctetException.class,
            () ->
                SourceQuantization.quantize(
                    model, gptq(BASE), Policy.none(), DataSource.of(cursor), Execution.threads(1)));
    assertEquals("OCT-DATA-046", e.id());
    assertEquals("there are more than 1024 samples, and no more are kept", e.fact());
    Iterator<Map<String, Tensor>> unread = cursor(samples);
    SourceQuantization.quantize(
        model, BASE, Policy.none(), DataSource.of(unread), Execution.threads(1));
    assertTrue(unread.hasNext());
  }

  /** Hands samples out once, to the thread alone that made it. */
  private static Iterator<Map<String, Tensor>> cursor(float[][] samples) {
    Thread owner = Thread.currentThread();
    return Arrays.stream(samples)
        .map(
            sample -> {
              assertEquals(owner, Thread.currentThread());
              return Map.of("x", Tensor.of(sample, 1, sample.length));
            })
        .iterator();
  }

  @Test
  void refusesNoDampingAndGroupsThatCannotBeHalved() {
    OctetException e =
        assertThrows(OctetException.class, () -> GptqConfig.builder().percdamp(0).build());
    assertEquals("OCT-SRC-004", e.id());
    e =
        assertThrows(
            OctetException.class,
            () -> Int8DynActBestWeightQuantizer.builder().groupSize(7).build());
    assertEquals("OCT-SRC-004", e.id());
    assertEquals(
        GptqConfig.builder().build(),
        SchemeName.of("int8dyn-int4-gptq").scheme(SchemeOptions.none()));
    assertEquals(
        Int8DynActBestWeightQuantizer.builder().build(),
        SchemeName.of("int8dyn-best").scheme(SchemeOptions.none()));
  }
}
