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
import org.jspecify.annotations.Nullable;

/** Keeps the marks that a quantizer makes on one graph. Not thread-safe. */
public final class RecordingAnnotations implements Annotations {

  private static final int MOST_CANDIDATES = 5;

  private final String backend;
  private final Graph graph;
  private final Graph original;
  private final Map<String, Recorded> records;
  private final Map<String, List<String>> userNames = new HashMap<>();
  private final Map<String, Directive> directives;
  private final TreeSet<Point> unshared = new TreeSet<>();

  /** The nodes of the user's model by name; null until somebody asks for one. */
  private @Nullable Map<String, Node> originals;

  /** What is known of one node. */
  private static final class Recorded {
    private final Node node;
    private final SortedMap<Integer, QuantizationSpec> operands = new TreeMap<>();
    private final SortedMap<Integer, QuantizationSpec> results = new TreeMap<>();
    private @Nullable String owner;
    private @Nullable String reason;
    private @Nullable String decider;

    private Recorded(Node node) {
      this.node = node;
    }

    private List<String> values(Point.Side side) {
      return side == Point.Side.OPERAND ? node.operands() : node.results();
    }

    private SortedMap<Integer, QuantizationSpec> marks(Point.Side side) {
      return side == Point.Side.OPERAND ? operands : results;
    }
  }

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
    this.original = Objects.requireNonNull(original, "original");
    this.directives = Map.copyOf(directives);
    List<Node> nodes = graph.nodesWithSubgraphs();
    this.records = new LinkedHashMap<>(2 * nodes.size());
    nodes.forEach(node -> records.put(node.name(), new Recorded(node)));
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
    List<Recorded> claimed = match.stream().map(node -> claimable(rule, node)).toList();
    claimed.forEach(known -> known.owner = rule);
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
    requireExists(point, records.get(point.node()));
    unshared.add(point);
  }

  @Override
  public void explain(Node node, String reason) {
    Objects.requireNonNull(reason, "reason");
    Recorded known = ofGraph(node);
    if (known.reason == null) {
      known.reason = reason;
    }
  }

  @Override
  public boolean isClaimed(Node node) {
    Recorded known = records.get(node.name());
    return known != null && known.owner != null;
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
    ofGraph(node).decider = who;
  }

  @Override
  public List<String> userNames(Node node) {
    List<String> names = new ArrayList<>(List.of(node.name()));
    names.addAll(userNames.getOrDefault(node.name(), List.of()));
    return names;
  }

  @Override
  public List<Node> userNodes(Node node) {
    Map<String, Node> users = originals();
    List<Node> known =
        userNames(node).stream().flatMap(n -> Optional.ofNullable(users.get(n)).stream()).toList();
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

  /**
   * Returns the graph with a decision on every node; a node that nobody claimed and nobody gave a
   * reason for is one that no rule matches.
   */
  public AnnotatedGraph finish() {
    Map<String, NodeAnnotation> decisions = new LinkedHashMap<>(2 * records.size());
    records.forEach((name, known) -> decisions.put(name, decision(known)));
    return new AnnotatedGraph(graph, decisions, unshared);
  }

  private NodeAnnotation decision(Recorded known) {
    Node node = known.node;
    return new NodeAnnotation(
        node.name(),
        Optional.ofNullable(known.owner),
        known.owner != null ? Optional.empty() : Optional.of(reason(known)),
        directive(node).map(Directive::decidedBy).or(() -> Optional.ofNullable(known.decider)),
        known.operands,
        known.results);
  }

  private String reason(Recorded known) {
    Optional<String> excluder = excludedBy(known.node);
    if (excluder.isPresent()) {
      return "excluded by " + excluder.get();
    }
    return known.reason != null
        ? known.reason
        : "no rule of backend '" + backend + "' matches " + known.node.op();
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
    Recorded known = records.get(point.node());
    if (known == null || known.owner == null) {
      throw AnnotationErrors.UNCLAIMED_NODE
          .error("no rule has claimed the node of " + point + ", so it has no marks")
          .build();
    }
    requireExists(point, known);
    QuantizationSpec earlier = known.marks(point.side()).putIfAbsent(point.index(), spec);
    if (earlier != null) {
      throw AnnotationErrors.MARKED_TWICE
          .error(point + " is marked already: " + earlier + " and now " + spec)
          .build();
    }
  }

  private Recorded claimable(String rule, Node node) {
    Recorded known = ofGraph(node);
    if (known.owner != null) {
      throw AnnotationErrors.OWNED_NODE
          .error(
              "rule '"
                  + rule
                  + "' claims node '"
                  + node.name()
                  + "', which '"
                  + known.owner
                  + "' owns")
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
    return known;
  }

  private Recorded ofGraph(Node node) {
    Recorded known = records.get(node.name());
    if (known == null || !node.equals(known.node)) {
      throw AnnotationErrors.FOREIGN_NODE
          .error("node '" + node.name() + "' is not of the graph that is annotated")
          .candidates(
              known == null
                  ? NearMisses.of(node.name(), records.keySet(), MOST_CANDIDATES)
                  : List.of())
          .build();
    }
    return known;
  }

  private static void requireExists(Point point, @Nullable Recorded known) {
    List<String> values = known == null ? List.of() : known.values(point.side());
    if (point.index() >= values.size() || values.get(point.index()).isEmpty()) {
      throw AnnotationErrors.NO_POINT.error("there is no " + point).build();
    }
  }
}
