package dev.octet.kernels.execute;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.array.ArrayKind;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Graphs without the contents of their constants, for an executor to keep: a {@link CompiledGraph}
 * has those, and lets go of what no run needs.
 */
final class BareGraphs {

  private static final long[] NONE = {0};

  private BareGraphs() {}

  /**
   * Returns a graph whose constants, in subgraphs too, have their names and element types, and no
   * elements. Those that arrays cannot hold stay.
   */
  static Graph of(Graph graph) {
    Map<String, Tensor> names = new LinkedHashMap<>();
    graph.initializers().forEach((name, tensor) -> names.put(name, bare(tensor)));
    return new Graph(
        graph.name(),
        graph.inputs(),
        graph.outputs(),
        names,
        graph.nodes().stream().map(BareGraphs::of).toList(),
        graph.values(),
        Optional.empty());
  }

  private static Tensor bare(Tensor tensor) {
    DataType type = tensor.dataType();
    return ArrayKind.holds(type) ? Tensor.ofBytes(type, NONE, ByteBuffer.allocate(0)) : tensor;
  }

  private static Node of(Node node) {
    Node bare = node;
    for (Attribute attribute : node.attributes().values()) {
      List<Graph> graphs = attribute.value().graphs();
      if (!graphs.isEmpty()) {
        Attribute.Value value =
            attribute.value().withGraphs(graphs.stream().map(BareGraphs::of).toList());
        bare = bare.withAttribute(new Attribute(attribute.name(), value, Optional.empty()));
      }
    }
    return bare;
  }
}
