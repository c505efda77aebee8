package dev.octet.tck.broken;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.qdq.QdqGraph;
import dev.octet.api.runtime.LoadRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A runtime that computes in float32 and makes integers of the floats in a way of its own. */
final class WrongRounding extends WrongRuntime {

  /** How a float becomes an integer. */
  @FunctionalInterface
  interface Rounding {
    /** Returns the integer that is stored; its lowest 8 bits are. */
    long integer(float value, float scale, long zeroPoint, long min, long max);
  }

  private final Rounding rounding;

  WrongRounding(Rounding rounding) {
    this.rounding = rounding;
  }

  static long clamp(double integer, long min, long max) {
    return (long) Math.max(min, Math.min(max, integer));
  }

  /** The floats in front of each QuantizeLinear become outputs, so that nothing is lowered. */
  @Override
  Model change(Model model) {
    Graph graph = model.graph();
    List<ValueInfo> outputs = new ArrayList<>(graph.outputs());
    Map<String, ValueInfo> values = new LinkedHashMap<>(graph.values());
    for (Node node : graph.nodes()) {
      ValueInfo floats = QdqGraph.isQuantize(node) ? values.remove(node.operands().get(0)) : null;
      if (floats != null) {
        outputs.add(floats);
      }
    }
    return model.withGraph(
        new Graph(
            graph.name(),
            graph.inputs(),
            outputs,
            graph.initializers(),
            graph.nodes(),
            values,
            graph.origin()));
  }

  @Override
  Map<String, Tensor> change(
      LoadRequest request, Map<String, Tensor> inputs, Map<String, Tensor> outputs) {
    Graph graph = request.model().graph();
    Map<String, Tensor> changed = new LinkedHashMap<>();
    graph.outputs().forEach(o -> changed.put(o.name(), outputs.get(o.name())));
    for (Node node : graph.nodes()) {
      if (QdqGraph.isQuantize(node) && changed.containsKey(node.results().get(0))) {
        String read = node.operands().get(0);
        Tensor floats = outputs.containsKey(read) ? outputs.get(read) : inputs.get(read);
        changed.put(node.results().get(0), rounded(graph, node, floats));
      }
    }
    return changed;
  }

  private Tensor rounded(Graph graph, Node node, Tensor tensor) {
    float scale = graph.initializers().get(node.operands().get(1)).floats()[0];
    Tensor zero = graph.initializers().get(node.operands().get(2));
    long min = zero.dataType().isSignedInteger() ? -128 : 0;
    float[] floats = tensor.floats();
    byte[] integers = new byte[floats.length];
    for (int i = 0; i < floats.length; i++) {
      integers[i] = (byte) rounding.integer(floats[i], scale, zero.integers()[0], min, min + 255);
    }
    return Tensor.of(zero.dataType(), integers, tensor.sizes());
  }
}
