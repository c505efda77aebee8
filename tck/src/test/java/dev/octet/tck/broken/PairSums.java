package dev.octet.tck.broken;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Instructions that add two neighbouring products in 16 bits, with saturation, in a MatMul by a
 * constant matrix: the difference that they make is added to the results.
 */
final class PairSums {

  private PairSums() {}

  static Map<String, Tensor> of(
      Model model, Map<String, Tensor> inputs, Map<String, Tensor> outputs) {
    Graph graph = model.graph();
    Node node = graph.node("n0").orElseThrow();
    Tensor w = graph.initializers().get("c0");
    Tensor x = inputs.get("x0");
    if (!node.op().is("MatMul") || w == null || w.rank() != 2) {
      return outputs;
    }
    Map<String, Tensor> changed = new LinkedHashMap<>(outputs);
    changed.put("y0", changed(graph, x, w, outputs.get("y0")));
    return changed;
  }

  private static Tensor changed(Graph graph, Tensor x, Tensor w, Tensor y) {
    int depth = (int) w.sizes()[0];
    int columns = (int) w.sizes()[1];
    long[] a = x.integers();
    long[] b = w.integers();
    long[] result = y.integers();
    float[] scales = graph.initializers().get("c0_dq_scale").floats();
    float factor =
        graph.initializers().get("x0_dq_scale").floats()[0]
            / graph.initializers().get("n0_q_scale").floats()[0];
    long zero = graph.initializers().get("x0_dq_zero").integers()[0];
    for (int i = 0; i < result.length; i++) {
      int row = i / columns;
      int column = i % columns;
      long lost = 0;
      for (int k = 0; k + 1 < depth; k += 2) {
        long pair =
            (a[row * depth + k] - zero) * b[k * columns + column]
                + (a[row * depth + k + 1] - zero) * b[(k + 1) * columns + column];
        lost += pair - Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, pair));
      }
      float scale = scales[scales.length == 1 ? 0 : column];
      result[i] = inside(y, Math.round(result[i] - lost * factor * scale));
    }
    return Tensor.ofIntegers(y.dataType(), result, y.sizes());
  }

  private static long inside(Tensor y, long integer) {
    long min = y.dataType().isSignedInteger() ? -128 : 0;
    return Math.max(min, Math.min(min + 255, integer));
  }
}
