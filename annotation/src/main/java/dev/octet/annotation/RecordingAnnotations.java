package dev.octet.annotation;

import dev.octet.api.error.NearMisses;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.NameMapping;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.Annotations;
import dev.octet.api.quantizer.Directive;
import dev.octet.api.quantizer.NodeAnnotation;
import dev.octet.api.spec.QuantizationSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Keeps the marks that a quantizer makes on one graph. Not thread-safe. */
public final class RecordingAnnotations implements Annotations {

  private static final int MOST_CANDIDATES = 5;

  private final String backend;
  private final Graph graph;
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final Map<String, List<String>> userNames = new HashMap<>();
  private final Map<String, Node> originals = new HashMap<>();
  private final Map<String, Directive> directives;
  private final Map<String, String> deciders = new HashMap<>();
  private final Map<String, String> owners = new HashMap<>();
  private final Map<String, String> reasons = new HashMap<>();
  private final Map<String, SortedMap<Integer, QuantizationSpec>> operands = new HashMap<>();
  private final Map<String, SortedMap<Integer, QuantizationSpec>> results = new HashMap<>();
  private final TreeSet<Point> unshared = new TreeSet<>();

  /**
   * Starts to record.
   *
   * @param backend the backend's name, for the reason of nodes that no rule matches
   * @param graph the graph that is annotated
   * @param mapping what became of the nodes of the user's model on the way to this graph
   */
  public RecordingAnnotations(String backend, Graph graph, NameMapping mapping) {
    this(backend, graph, mapping, graph, Map.of());
  }

  /**
   * Starts to record on a graph that the caller has a policy for.
   *
   * @param backend the backend's name, for the reason of nodes that no rule matches
   * @param graph the graph that is annotated
   * @param mapping what became of the nodes of the user's model on the way to this graph
   * @param original the graph of the user's model
   * @param directives what the caller's policy says, by node name; no entry for nodes of which it
   *     says nothing
   */
  public RecordingAnnotations(
      String backend,
      Graph graph,
      NameMapping mapping,
      Graph original,
      Map<String, Directive> directives) {
    this.backend = Objects.requireNonNull(backend, "backend");
    this.graph = Objects.requireNonNull(graph, "graph");
    this.directives = Map.copyOf(directives);
    graph.nodesWithSubgraphs().forEach(node -> nodes.put(node.name(), node));
    original.nodesWithSubgraphs().forEach(node -> originals.put(node.name(), node));
    mapping
        .replaced()
        .forEach(
            (user, now) ->
                now.forEach(
                    name -> userNames.computeIfAbsent(name, n -> new ArrayList<>()).add(user)));
  }

  /** Starts to record on a graph whose nodes have the names of the user's model. */
  public RecordingAnnotations(String backend, Graph graph) {
    this(backend, graph, NameMapping.identity());
  }

  @Override
  public void claim(String rule, List<Node> match) {
    Objects.requireNonNull(rule, "rule");
    if (match.isEmpty()) {
      throw new IllegalArgumentException("rule '" + rule + "' claims no node");
    }
    match.forEach(node -> requireClaimable(rule, node));
    match.forEach(node -> owners.put(node.name(), rule));
  }

  @Override
  public void markOperand(Node node, int index, QuantizationSpec spec) {
    mark(Point.operand(node.name(), index), spec);
  }

  @Override
  public void markResult(Node node, int index, QuantizationSpec spec) {
    mark(Point.result(node.name(), index), spec);
  }

  @Override
  public void optOutOfImplicitSharing(Point point) {
    requireExists(point);
    unshared.add(point);
  }

  @Override
  public void explain(Node node, String reason) {
    Objects.requireNonNull(reason, "reason");
    requireOfGraph(node);
    reasons.putIfAbsent(node.name(), reason);
  }

  @Override
  public boolean isClaimed(Node node) {
    return owners.containsKey(node.name());
  }

  @Override
  public boolean isFree(Node node) {
    return !isClaimed(node) && excludedBy(node).isEmpty();
  }

  @Override
  public Optional<Directive> directive(Node node) {
    return Optional.ofNullable(directives.get(node.name()));
  }

  @Override
  public void decidedBy(Node node, String who) {
    Objects.requireNonNull(who, "who");
    requireOfGraph(node);
    deciders.put(node.name(), who);
  }

  @Override
  public List<String> userNames(Node node) {
    List<String> names = new ArrayList<>(List.of(node.name()));
    names.addAll(userNames.getOrDefault(node.name(), List.of()));
    return names;
  }

  @Override
  public List<Node> userNodes(Node node) {
    List<Node> known =
        userNames(node).stream()
            .flatMap(n -> Optional.ofNullable(originals.get(n)).stream())
            .toList();
    return known.isEmpty() ? List.of(node) : known;
  }

  /**
   * Returns the graph with a decision on every node; a node that nobody claimed and nobody gave a
   * reason for is one that no rule matches.
   */
  public AnnotatedGraph finish() {
    Map<String, NodeAnnotation> decisions = new LinkedHashMap<>();
    nodes.values().forEach(node -> decisions.put(node.name(), decision(node)));
    return new AnnotatedGraph(graph, decisions, unshared);
  }

  private NodeAnnotation decision(Node node) {
    String owner = owners.get(node.name());
    return new NodeAnnotation(
        node.name(),
        Optional.ofNullable(owner),
        owner != null ? Optional.empty() : Optional.of(reason(node)),
        directive(node)
            .map(Directive::decidedBy)
            .or(() -> Optional.ofNullable(deciders.get(node.name()))),
        operands.getOrDefault(node.name(), new TreeMap<>()),
        results.getOrDefault(node.name(), new TreeMap<>()));
  }

  private String reason(Node node) {
    return excludedBy(node)
        .map(who -> "excluded by " + who)
        .orElseGet(
            () ->
                reasons.getOrDefault(
                    node.name(), "no rule of backend '" + backend + "' matches " + node.op()));
  }

  private Optional<String> excludedBy(Node node) {
    return directive(node)
        .flatMap(
            said ->
                said.match(
                    new Directive.Cases<>(
                        excluded -> Optional.of(excluded.decidedBy()),
                        configured -> Optional.empty())));
  }

  private void mark(Point point, QuantizationSpec spec) {
    Objects.requireNonNull(spec, "spec");
    if (!owners.containsKey(point.node())) {
      throw AnnotationErrors.UNCLAIMED_NODE
          .error("no rule has claimed the node of " + point + ", so it has no marks")
          .build();
    }
    requireExists(point);
    var marks = point.side() == Point.Side.OPERAND ? operands : results;
    QuantizationSpec earlier =
        marks.computeIfAbsent(point.node(), n -> new TreeMap<>()).putIfAbsent(point.index(), spec);
    if (earlier != null) {
      throw AnnotationErrors.MARKED_TWICE
          .error(point + " is marked already: " + earlier + " and now " + spec)
          .build();
    }
  }

  private void requireClaimable(String rule, Node node) {
    requireOfGraph(node);
    String owner = owners.get(node.name());
    if (owner != null) {
      throw AnnotationErrors.OWNED_NODE
          .error(
              "rule '" + rule + "' claims node '" + node.name() + "', which '" + owner + "' owns")
          .build();
    }
    excludedBy(node)
        .ifPresent(
            who -> {
              throw AnnotationErrors.EXCLUDED_NODE
                  .error(
                      "rule '"
                          + rule
                          + "' claims node '"
                          + node.name()
                          + "', which is excluded by "
                          + who)
                  .build();
            });
  }

  private void requireOfGraph(Node node) {
    Node known = nodes.get(node.name());
    if (!node.equals(known)) {
      throw AnnotationErrors.FOREIGN_NODE
          .error("node '" + node.name() + "' is not of the graph that is annotated")
          .candidates(
              known == null
                  ? NearMisses.of(node.name(), nodes.keySet(), MOST_CANDIDATES)
                  : List.of())
          .build();
    }
  }

  private void requireExists(Point point) {
    Node node = nodes.get(point.node());
    List<String> values =
        node == null
            ? List.of()
            : point.side() == Point.Side.OPERAND ? node.operands() : node.results();
    if (point.index() >= values.size() || values.get(point.index()).isEmpty()) {
      throw AnnotationErrors.NO_POINT.error("there is no " + point).build();
    }
  }
}
