package dev.octet.workflow.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.Parallelism;
import dev.octet.api.tree.Tree;
import dev.octet.kernels.execute.ReferenceRuntime;
import dev.octet.kernels.quantize.FloatPrecision;
import dev.octet.workflow.normalise.Models;
import dev.octet.workflow.source.TorchaoCases.Case;
import dev.octet.workflow.source.TorchaoCases.Numbers;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Layers that torchao 0.18 quantized: the integers, scales and zero points of their weights and of
 * their activations, bit for bit, and their results within what another order of sums may differ.
 */
class TorchaoSourceTest {

  private static final double FLOAT32_TOLERANCE = 1e-6;
  private static final double BFLOAT16_ROUNDING = 3.8e-3;

  static Stream<Case> layers() {
    return TorchaoSelections.layers().stream();
  }

  @Test
  void tablesOfEmbeddingsAreThoseOfTorchao() {
    int compared = 0;
    for (Case one : TorchaoSelections.embeddings()) {
      Numbers table = one.input("weight");
      float[] chosen = one.input("indices").elements();
      long[] indices = new long[chosen.length];
      for (int i = 0; i < indices.length; i++) {
        indices[i] = (long) chosen[i];
      }
      Model model =
          new Models()
              .output("y", 2)
              .constant("w", Tensor.of(table.elements(), table.sizes()))
              .constant("i", Tensor.of(indices, indices.length))
              .node("table", "Gather", List.of("w", "i"), "y")
              .model(21);
      Graph graph =
          SourceQuantization.quantize(model, new WithEmbeddings(TorchaoLayers.scheme(one), false))
              .model()
              .graph();
      assertArrayEquals(
          one.expected("weight").elements(),
          TorchaoLayers.floats(graph.initializers().get("w_quantized").integers()));
      assertArrayEquals(
          one.expected("scale").elements(), TorchaoLayers.scales(graph, "w_scale"), one.id());
      try (ExecutableModel loaded =
          new ReferenceRuntime()
              .load(LoadRequest.of(model.withGraph(graph), Parallelism.threads(1)))) {
        assertArrayEquals(
            one.expected("output").elements(), loaded.run(Map.of()).get("y").floats());
      }
      compared++;
    }
    assertEquals(6, compared);
  }

  /** The search of torchao sums in another order and ends for all groups at once. */
  @Test
  void halfQuadraticScalesLoseNoMoreThanThoseOfTorchao() {
    int compared = 0;
    for (Case one : TorchaoSelections.halfQuadraticScales()) {
      Graph graph =
          SourceQuantization.quantize(TorchaoLayers.model(one), TorchaoLayers.scheme(one))
              .model()
              .graph();
      float[] w = one.input("weight").elements();
      double theirs = loss(w, one.expected("weight").elements(), one.expected("scale").elements());
      float[] integers = TorchaoLayers.floats(graph.initializers().get("w_quantized").integers());
      double ours = loss(w, integers, TorchaoLayers.scales(graph, "w_scale"));
      assertTrue(ours <= 1.001 * theirs, one.id() + ": " + ours + " against " + theirs);
      compared++;
    }
    assertEquals(6, compared);
  }

  private static double loss(float[] w, float[] integers, float[] scales) {
    int group = w.length / scales.length;
    double sum = 0;
    for (int i = 0; i < w.length; i++) {
      double lost = w[i] - (double) integers[i] * scales[i / group];
      sum += lost * lost;
    }
    return sum;
  }

  @ParameterizedTest
  @MethodSource("layers")
  void weightsAreThoseOfTorchao(Case one) {
    Graph graph =
        SourceQuantization.quantize(TorchaoLayers.model(one), TorchaoLayers.scheme(one))
            .model()
            .graph();
    Tensor integers = graph.initializers().get("w_quantized");
    assertArrayEquals(one.expected("weight").elements(), TorchaoLayers.floats(integers.integers()));
    String scale = one.expects("scales") ? "scales" : "scale";
    assertScales(one.expected(scale).elements(), TorchaoLayers.scales(graph, "w_scale"));
    Numbers zeros = one.expected(one.expects("zeros") ? "zeros" : "zero_point");
    Tensor stored = graph.initializers().get("w_zero_point");
    float[] none = new float[zeros.elements().length];
    assertArrayEquals(
        zeros.elements(), stored == null ? none : TorchaoLayers.floats(stored.integers()));
  }

  /** Where all weights of a group are 0, float16 rounds torchao's scale to 0. */
  private static void assertScales(float[] expected, float[] actual) {
    float[] above = expected.clone();
    for (int i = 0; i < above.length; i++) {
      above[i] = above[i] == 0f ? FloatPrecision.FLOAT16.smallestNormal() : above[i];
    }
    assertArrayEquals(above, actual);
  }

  @ParameterizedTest
  @MethodSource("layers")
  void activationsAndResultsAreThoseOfTorchao(Case one) {
    Model model =
        SourceQuantization.quantize(TorchaoLayers.model(one), TorchaoLayers.scheme(one)).model();
    List<Numbers> activations = one.activations();
    for (int i = 0; i < one.forward().size(); i++) {
      Tree.Mapping forward = one.forward().get(i);
      Map<String, Tensor> got = TorchaoLayers.run(model, activations.get(i));
      if (forward.entries().containsKey("activation_quantized")) {
        assertNumbers(one, forward, "activation_scale", got, "x_scale");
        assertNumbers(one, forward, "activation_zero_point", got, "x_zero_point");
        assertNumbers(one, forward, "activation_quantized", got, "x_quantized");
      }
      assertClose(
          one, one.of(forward.get("output")), got, magnitudes(one, activations.get(i), got));
    }
  }

  private static void assertNumbers(
      Case one, Tree.Mapping forward, String name, Map<String, Tensor> got, String value) {
    float[] expected = one.of(forward.get(name)).elements();
    Tensor tensor = got.get("shown_" + value);
    if (tensor == null) {
      assertArrayEquals(new float[expected.length], expected);
    } else {
      boolean isFloat = tensor.dataType() == DataType.FLOAT;
      assertArrayEquals(
          expected, isFloat ? tensor.floats() : TorchaoLayers.floats(tensor.integers()), name);
    }
  }

  /**
   * {@code |y - y'| <= t * m}: in float32 t is 1e-6; in bfloat16 both sides were rounded by at most
   * 3.8e-3.
   */
  private static void assertClose(
      Case one, Numbers expected, Map<String, Tensor> got, double[] magnitudes) {
    float[] y = got.get("y").floats();
    boolean narrow = TorchaoLayers.precision(one) != FloatPrecision.FLOAT32;
    for (int i = 0; i < y.length; i++) {
      double allowed = (narrow ? 2 * BFLOAT16_ROUNDING : FLOAT32_TOLERANCE) * magnitudes[i];
      double error = Math.abs((double) y[i] - expected.elements()[i]);
      assertTrue(
          error <= allowed,
          one
              + " element "
              + i
              + ": "
              + y[i]
              + " instead of "
              + expected.elements()[i]
              + ", which is "
              + error / allowed
              + " of what is allowed");
    }
  }

  /**
   * Returns m of each result: {@code sum |x| |w| + |b|}; where torchao takes the zero points from
   * the sums after these were rounded, {@code sum (|q| + |z|) s |w| + |b|}.
   */
  private static double[] magnitudes(Case one, Numbers x, Map<String, Tensor> got) {
    Numbers w = one.input("weight");
    int n = (int) w.sizes()[0];
    int k = (int) w.sizes()[1];
    double[] inputs = inputs(one, x, k, got);
    double[] all = new double[(int) x.sizes()[0] * n];
    for (int i = 0; i < all.length; i++) {
      int column = i % n;
      double sum = one.optionalInput("bias").map(b -> Math.abs(b.elements()[column])).orElse(0f);
      for (int j = 0; j < k; j++) {
        sum += inputs[i / n * k + j] * Math.abs((double) w.elements()[column * k + j]);
      }
      all[i] = sum;
    }
    return all;
  }

  private static double[] inputs(Case one, Numbers x, int k, Map<String, Tensor> got) {
    double[] inputs = new double[x.elements().length];
    boolean late =
        one.was("Int8DynamicActivationInt8WeightConfig")
            && one.word("act_mapping_type", "").equals("ASYMMETRIC");
    for (int i = 0; i < inputs.length; i++) {
      if (late) {
        float[] scales = got.get("shown_x_scale").floats();
        long[] zeros = got.get("shown_x_zero_point").integers();
        int row = scales.length == 1 ? 0 : i / k;
        long q = got.get("shown_x_quantized").integers()[i];
        inputs[i] = (double) (Math.abs(q) + Math.abs(zeros[row])) * scales[row];
      } else {
        inputs[i] = Math.abs(x.elements()[i]);
      }
    }
    return inputs;
  }
}
