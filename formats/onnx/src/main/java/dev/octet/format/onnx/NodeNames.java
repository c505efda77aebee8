package dev.octet.format.onnx;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import onnx.OnnxMl.AttributeProto;
import onnx.OnnxMl.GraphProto;
import onnx.OnnxMl.NodeProto;

/**
 * Gives every node of a model a name of its own.
 *
 * <p>A node keeps a name that no node before it has. Any other is named after its name, or its
 * operator when it has none, and its index in the order of the file, each node followed by those of
 * its subgraphs: {@code Conv_12}.
 */
final class NodeNames {

  private final IdentityHashMap<NodeProto, String> names = new IdentityHashMap<>();

  NodeNames(GraphProto graph) {
    List<NodeProto> nodes = new ArrayList<>();
    collect(graph, nodes);
    Set<String> taken = new HashSet<>();
    nodes.forEach(node -> taken.add(node.getName()));
    Set<String> kept = new HashSet<>();
    for (int i = 0; i < nodes.size(); i++) {
      NodeProto node = nodes.get(i);
      boolean keeps = !node.getName().isEmpty() && kept.add(node.getName());
      names.put(node, keeps ? node.getName() : fresh(node, i, taken));
    }
  }

  String of(NodeProto node) {
    return Objects.requireNonNull(names.get(node));
  }

  private static String fresh(NodeProto node, int index, Set<String> taken) {
    String base = (node.getName().isEmpty() ? node.getOpType() : node.getName()) + "_" + index;
    String name = base;
    for (int i = 1; !taken.add(name); i++) {
      name = base + "_" + i;
    }
    return name;
  }

  private static void collect(GraphProto graph, List<NodeProto> nodes) {
    for (NodeProto node : graph.getNodeList()) {
      nodes.add(node);
      for (AttributeProto attribute : node.getAttributeList()) {
        if (attribute.hasG()) {
          collect(attribute.getG(), nodes);
        }
        attribute.getGraphsList().forEach(subgraph -> collect(subgraph, nodes));
      }
    }
  }
}
