package dev.octet.annotation.policy;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/** The nodes of a graph and its subgraphs, as a policy sees them, in the order of the graph. */
final class Subjects {

  private final Function<Node, List<String>> userNames;
  private final Function<Node, List<Node>> userNodes;
  private final ModuleScopes scopes;
  private final List<PolicyNode> nodes = new ArrayList<>();

  private Subjects(
      Function<Node, List<String>> userNames,
      Function<Node, List<Node>> userNodes,
      ModuleScopes scopes) {
    this.userNames = userNames;
    this.userNodes = userNodes;
    this.scopes = scopes;
  }

  static Subjects of(
      Graph graph,
      Function<Node, List<String>> userNames,
      Function<Node, List<Node>> userNodes,
      Map<String, ModulePosition> modules) {
    Subjects subjects = new Subjects(userNames, userNodes, new ModuleScopes(modules));
    subjects.add(graph, List.of());
    return subjects;
  }

  static Subjects named(
      Graph graph, Function<Node, List<String>> userNames, Map<String, ModulePosition> modules) {
    return of(graph, userNames, List::of, modules);
  }

  List<PolicyNode> nodes() {
    return nodes;
  }

  private void add(Graph graph, List<Graph> around) {
    List<Graph> visible = new ArrayList<>(List.of(graph));
    visible.addAll(around);
    List<Graph> shared = List.copyOf(visible);
    for (Node node : graph.nodes()) {
      nodes.add(subject(node, shared));
      node.subgraphs().forEach(subgraph -> add(subgraph, shared));
    }
  }

  private PolicyNode subject(Node node, List<Graph> visible) {
    Map<String, Node> known = new HashMap<>();
    known.put(node.name(), node);
    userNodes.apply(node).forEach(user -> known.put(user.name(), user));
    List<String> names = userNames.apply(node);
    List<ModulePosition> modules = new ArrayList<>();
    names.forEach(name -> modules.addAll(scopes.of(name, Optional.ofNullable(known.get(name)))));
    SortedSet<OpType> operators = new TreeSet<>();
    operators.add(node.op());
    known.values().forEach(user -> operators.add(user.op()));
    return new PolicyNode(node, visible, names, operators, modules);
  }
}
