package dev.octet.format.onnx;

import dev.octet.api.error.OctetException;
import dev.octet.format.onnx.proto.OnnxMl.AttributeProto;
import dev.octet.format.onnx.proto.OnnxMl.GraphProto;
import dev.octet.format.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Puts the nodes of a graph behind those whose results they read, in their subgraphs too.
 *
 * <p>A graph that is in order stays as it is. Otherwise the node that stands first in the file
 * among those that can come next comes next.
 */
final class TopologicalOrder {

  private final Source source;
  private final List<NodeProto> nodes;
  private final Map<String, Integer> producers;

  private TopologicalOrder(Source source, List<NodeProto> nodes) {
    this.source = source;
    this.nodes = nodes;
    this.producers = new HashMap<>(2 * nodes.size());
    for (int i = 0; i < nodes.size(); i++) {
      for (String output : nodes.get(i).getOutputList()) {
        producers.putIfAbsent(output, i);
      }
    }
  }

  /** Returns the nodes of a graph in order; {@code name} names a node in messages. */
  static List<NodeProto> of(GraphProto graph, Source source, NodeNamer name) {
    TopologicalOrder order = new TopologicalOrder(source, graph.getNodeList());
    return order.isInOrder() ? graph.getNodeList() : order.sort(order.needed(), name);
  }

  /** Names a node in messages. */
  interface NodeNamer {
    String of(NodeProto node);
  }

  private boolean isInOrder() {
    for (int i = 0; i < nodes.size(); i++) {
      for (String value : reads(nodes.get(i))) {
        Integer producer = value.isEmpty() ? null : producers.get(value);
        if (producer != null && producer >= i) {
          return false;
        }
      }
    }
    return true;
  }

  private List<Set<Integer>> needed() {
    List<Set<Integer>> needed = new ArrayList<>();
    for (NodeProto node : nodes) {
      Set<Integer> indices = new LinkedHashSet<>();
      for (String value : reads(node)) {
        Integer producer = value.isEmpty() ? null : producers.get(value);
        if (producer != null) {
          indices.add(producer);
        }
      }
      needed.add(indices);
    }
    return needed;
  }

  private List<NodeProto> sort(List<Set<Integer>> needed, NodeNamer name) {
    List<List<Integer>> users = users(needed);
    int[] missing = needed.stream().mapToInt(Set::size).toArray();
    PriorityQueue<Integer> ready = new PriorityQueue<>();
    for (int i = 0; i < missing.length; i++) {
      if (missing[i] == 0) {
        ready.add(i);
      }
    }
    List<NodeProto> sorted = new ArrayList<>();
    for (Integer next = ready.poll(); next != null; next = ready.poll()) {
      sorted.add(nodes.get(next));
      for (int user : users.get(next)) {
        if (--missing[user] == 0) {
          ready.add(user);
        }
      }
    }
    if (sorted.size() < nodes.size()) {
      throw cycle(missing, name);
    }
    return sorted;
  }

  private static List<List<Integer>> users(List<Set<Integer>> needed) {
    List<List<Integer>> users = new ArrayList<>();
    needed.forEach(n -> users.add(new ArrayList<>()));
    for (int i = 0; i < needed.size(); i++) {
      for (int producer : needed.get(i)) {
        users.get(producer).add(i);
      }
    }
    return users;
  }

  private OctetException cycle(int[] missing, NodeNamer name) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < missing.length; i++) {
      if (missing[i] > 0) {
        names.add(name.of(nodes.get(i)));
      }
    }
    return source
        .error(OnnxErrors.CIRCLE, "nodes read each other's results in a circle: " + names)
        .build();
  }

  /** Returns what a node reads, including what its subgraphs read of the graphs around them. */
  private static Collection<String> reads(NodeProto node) {
    if (node.getAttributeCount() == 0) {
      return node.getInputList();
    }
    Set<String> reads = new LinkedHashSet<>(node.getInputList());
    for (AttributeProto attribute : node.getAttributeList()) {
      if (attribute.hasG()) {
        reads.addAll(captured(attribute.getG()));
      }
      attribute.getGraphsList().forEach(graph -> reads.addAll(captured(graph)));
    }
    return reads;
  }

  private static Set<String> captured(GraphProto graph) {
    Set<String> captured = new LinkedHashSet<>();
    Set<String> defined = new HashSet<>();
    graph.getInputList().forEach(v -> defined.add(v.getName()));
    graph.getInitializerList().forEach(t -> defined.add(t.getName()));
    graph.getSparseInitializerList().forEach(t -> defined.add(t.getValues().getName()));
    for (NodeProto node : graph.getNodeList()) {
      captured.addAll(reads(node));
      defined.addAll(node.getOutputList());
    }
    graph.getOutputList().forEach(v -> captured.add(v.getName()));
    captured.removeAll(defined);
    return captured;
  }
}
