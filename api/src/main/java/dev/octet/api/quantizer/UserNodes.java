package dev.octet.api.quantizer;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.NameMapping;
import dev.octet.api.graph.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The nodes of the user's model whose work the nodes of a graph do. Not thread-safe. */
final class UserNodes {

  private final Graph original;
  private final Map<String, List<String>> folded = new HashMap<>();

  /** The nodes of the user's model by name; null until somebody asks for one. */
  private @Nullable Map<String, Node> originals;

  UserNodes(Graph original, NameMapping mapping) {
    this.original = original;
    mapping
        .replaced()
        .forEach(
            (user, now) ->
                now.forEach(
                    name -> folded.computeIfAbsent(name, n -> new ArrayList<>()).add(user)));
  }

  List<String> names(Node node) {
    List<String> names = new ArrayList<>(List.of(node.name()));
    names.addAll(folded.getOrDefault(node.name(), List.of()));
    return names;
  }

  List<Node> nodes(Node node) {
    Map<String, Node> users = originals();
    List<Node> known =
        names(node).stream().flatMap(n -> Optional.ofNullable(users.get(n)).stream()).toList();
    return known.isEmpty() ? List.of(node) : known;
  }

  private Map<String, Node> originals() {
    Map<String, Node> known = originals;
    if (known == null) {
      known = new HashMap<>();
      for (Node node : original.nodesWithSubgraphs()) {
        known.put(node.name(), node);
      }
      originals = known;
    }
    return known;
  }
}
