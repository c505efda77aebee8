package dev.octet.tck.graphs;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What a model is without its names and without the numbers that the seed draws: two cases of one
 * content would be the same but for their names.
 */
final class GraphContent {

  private GraphContent() {}

  /** Returns what a composition is: its graph, how long its match is, and what carries it. */
  static String of(Composition made) {
    return of(made.model().graph()) + made.chain().size() + made.carrier();
  }

  /** Returns what a graph is. */
  static String of(Graph graph) {
    Map<String, String> values = new HashMap<>();
    values.put("", "none");
    StringBuilder text = new StringBuilder();
    for (ValueInfo input : graph.inputs()) {
      values.put(input.name(), "v" + values.size());
      text.append(input.type()).append(' ');
    }
    for (Node node : graph.nodes()) {
      text.append('\n').append(node.op());
      node.attributes().values().stream().map(Attribute::value).forEach(text::append);
      text.append(node.attributes().keySet());
      for (String operand : node.operands()) {
        Tensor constant = graph.initializers().get(operand);
        text.append(' ').append(constant == null ? values.get(operand) : words(constant));
      }
      node.results().forEach(result -> values.put(result, "v" + values.size()));
    }
    graph.outputs().forEach(output -> text.append(values.get(output.name())));
    return text.toString();
  }

  private static String words(Tensor constant) {
    String type = constant.dataType() + constant.shape().toString();
    if (constant.dataType() != DataType.INT64 && constant.elementCount() > 1) {
      return type;
    }
    byte[] data = new byte[constant.data().remaining()];
    constant.data().get(data);
    return type + Arrays.toString(data);
  }
}
