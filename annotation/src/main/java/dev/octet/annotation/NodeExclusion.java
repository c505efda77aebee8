package dev.octet.annotation;

import dev.octet.api.error.NearMisses;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.quantizer.Annotations;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Nodes that stay float because their names match a pattern. In a pattern {@code *} stands for any
 * run of characters, {@code ?} for one character, and every other character for itself. Immutable.
 */
public final class NodeExclusion {

  private static final int MOST_CANDIDATES = 5;

  private final Map<String, Pattern> patterns = new LinkedHashMap<>();

  /**
   * Makes an exclusion.
   *
   * @param globs the patterns; a node is excluded when any of them matches its whole name
   */
  public NodeExclusion(List<String> globs) {
    globs.forEach(glob -> patterns.put(glob, compile(glob)));
  }

  /** Returns the description of the option {@code exclude} that backends offer for this. */
  public static OptionDescriptor option() {
    return new OptionDescriptor(
        "exclude",
        OptionDescriptor.Type.GLOB,
        "Nodes whose names match stay float; every pattern must match a node.",
        Optional.empty(),
        List.of(),
        true);
  }

  /** Returns the exclusion that resolved options ask for. */
  public static NodeExclusion of(Options resolved) {
    return new NodeExclusion(resolved.all("exclude"));
  }

  /**
   * Checks that every pattern matches a node.
   *
   * @param graph the graph, searched with its subgraphs
   * @param annotations knows the names of folded nodes
   * @throws OctetException {@code OCT-ANN-010} for the first pattern that matches nothing, with the
   *     names nearest to it
   */
  public void requireMatches(Graph graph, Annotations annotations) {
    Set<String> names = new LinkedHashSet<>();
    graph.nodesWithSubgraphs().forEach(node -> names.addAll(annotations.userNames(node)));
    patterns.forEach(
        (glob, pattern) -> {
          if (names.stream().noneMatch(name -> pattern.matcher(name).matches())) {
            throw OctetException.usage("OCT-ANN-010", "no node's name matches '" + glob + "'")
                .at("option 'exclude'")
                .candidates(NearMisses.of(glob, names, MOST_CANDIDATES))
                .next("Correct the pattern; octet inspect lists the nodes of a model.");
          }
        });
  }

  /**
   * Returns the first pattern that matches a name of the node; empty when the node is not excluded.
   */
  public Optional<String> matching(Node node, Annotations annotations) {
    List<String> names = annotations.userNames(node);
    return patterns.entrySet().stream()
        .filter(e -> names.stream().anyMatch(name -> e.getValue().matcher(name).matches()))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private static Pattern compile(String glob) {
    StringBuilder regex = new StringBuilder();
    glob.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                default -> regex.append(Pattern.quote(Character.toString(c)));
              }
            });
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }
}
