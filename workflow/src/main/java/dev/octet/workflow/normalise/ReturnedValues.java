package dev.octet.workflow.normalise;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.ValueInfo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Lets a subgraph that returns a value of the graphs around it return what an Identity in it makes
 * of that value. ONNX Runtime refuses the former.
 */
final class ReturnedValues {

  private static final OpType IDENTITY = OpType.onnx("Identity");

  private final GraphEditor names;
  private final Set<String> taken = new HashSet<>();

  private ReturnedValues(Graph graph) {
    this.names = new GraphEditor(graph);
  }

  /** Returns the graph with an Identity for each such output; the same one when there is none. */
  static Graph copied(Graph graph) {
    boolean plain = graph.nodes().stream().allMatch(node -> node.subgraphs().isEmpty());
    return plain ? graph : new ReturnedValues(graph).withCopiesInBodies(graph);
  }

  private Graph withCopiesInBodies(Graph graph) {
    List<Node> nodes = graph.nodes().stream().map(this::withCopiesInBodies).toList();
    return nodes.equals(graph.nodes()) ? graph : with(graph, nodes, graph.outputs());
  }

  private Node withCopiesInBodies(Node node) {
    Node changed = node;
    for (Attribute attribute : node.attributes().values()) {
      List<Graph> bodies = attribute.value().graphs();
      List<Graph> copied = bodies.stream().map(this::withCopies).toList();
      if (!copied.equals(bodies)) {
        Attribute.Value value = attribute.value().withGraphs(copied);
        changed = changed.withAttribute(new Attribute(attribute.name(), value, attribute.origin()));
      }
    }
    return changed;
  }

  private Graph withCopies(Graph given) {
    Graph body = withCopiesInBodies(given);
    Set<String> own = defined(body);
    List<Node> nodes = new ArrayList<>(body.nodes());
    List<ValueInfo> outputs = new ArrayList<>();
    for (ValueInfo output : body.outputs()) {
      outputs.add(own.contains(output.name()) ? output : copy(output, nodes));
    }
    return outputs.equals(body.outputs()) ? body : with(body, nodes, outputs);
  }

  private static Set<String> defined(Graph body) {
    Set<String> names = new HashSet<>(body.initializers().keySet());
    body.inputs().forEach(input -> names.add(input.name()));
    body.nodes().forEach(node -> names.addAll(node.results()));
    return names;
  }

  private ValueInfo copy(ValueInfo output, List<Node> nodes) {
    String returned = names.freshValueName(output.name() + "_returned");
    String name = freshNodeName(output.name() + "_Identity");
    nodes.add(Node.of(name, IDENTITY, List.of(output.name()), List.of(returned)));
    return ValueInfo.of(returned, output.type());
  }

  /** Several outputs, of one body or of several, may return one value. */
  private String freshNodeName(String base) {
    String name = names.freshNodeName(base);
    for (int i = 1; !taken.add(name); i++) {
      name = names.freshNodeName(base + "_" + i);
    }
    return name;
  }

  private static Graph with(Graph graph, List<Node> nodes, List<ValueInfo> outputs) {
    return new Graph(
        graph.name(),
        graph.inputs(),
        outputs,
        graph.initializers(),
        nodes,
        graph.values(),
        graph.origin());
  }
}
