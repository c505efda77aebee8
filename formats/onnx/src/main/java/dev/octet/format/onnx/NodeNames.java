package dev.octet.format.onnx;

import dev.octet.format.onnx.proto.OnnxMl.AttributeProto;
import dev.octet.format.onnx.proto.OnnxMl.GraphProto;
import dev.octet.format.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Gives every node of a model a name of its own.
 *
 * <p>A node keeps a name that no node before it has. Any other is named after its name, or its
 * operator when it has none, and its index in the order of the file, each node followed by those of
 * its subgraphs: {@code Conv_12}.
 */
final class NodeNames {

  /** The names of the nodes that do not keep theirs. */
  private final IdentityHashMap<NodeProto, String> given = new IdentityHashMap<>();

  NodeNames(GraphProto graph) {
    List<NodeProto> nodes = new ArrayList<>(graph.getNodeCount());
    collect(graph, nodes);
    Set<String> taken = new HashSet<>(2 * nodes.size());
    List<Integer> others = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      String name = nodes.get(i).getName();
      if (name.isEmpty() || !taken.add(name)) {
        others.add(i);
      }
    }
    others.forEach(i -> given.put(nodes.get(i), fresh(nodes.get(i), i, taken)));
  }

  String of(NodeProto node) {
    String name = given.isEmpty() ? null : given.get(node);
    return name != null ? name : node.getName();
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
