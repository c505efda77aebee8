package dev.octet.api.quantizer;

import dev.octet.api.error.NearMisses;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.text.Words;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The claims, marks and reasons of the nodes of one graph. Not thread-safe. */
final class MarkRecords {

  private final Map<String, Recorded> records;

  /** The same in the order of the nodes, which is that of the numbers of members. */
  private final List<Recorded> byNumber;

  private final Map<String, Directive> directives;
  private final TreeSet<Point> unshared = new TreeSet<>();

  /** What is known of one node. */
  private static final class Recorded {
    private final Node node;
    private final SpecsByIndex.Builder operands = new SpecsByIndex.Builder();
    private final SpecsByIndex.Builder results = new SpecsByIndex.Builder();
    private @Nullable Claim claim;
    private @Nullable String reason;
    private @Nullable String decider;
    private @Nullable String quantizer;

    private Recorded(Node node) {
      this.node = node;
    }

    private List<String> values(Point.Side side) {
      return side == Point.Side.OPERAND ? node.operands() : node.results();
    }

    private SpecsByIndex.Builder marks(Point.Side side) {
      return side == Point.Side.OPERAND ? operands : results;
    }

    private List<QuantizationSpec> marks() {
      List<QuantizationSpec> marks = new ArrayList<>(4);
      operands.addTo(marks);
      results.addTo(marks);
      return marks;
    }
  }

  /** The nodes that a rule claims together. */
  private record Claim(String rule, List<Recorded> match, List<String> names) {

    private static Claim of(String rule, List<Recorded> match) {
      String[] names = new String[match.size()];
      for (int i = 0; i < names.length; i++) {
        names[i] = match.get(i).node.name();
      }
      return new Claim(rule, match, List.of(names));
    }

    /** Returns why one of the nodes stays float though a rule owns it; empty when it does not. */
    private Optional<String> floatReason(Recorded node) {
      List<QuantizationSpec> own = node.marks();
      if (!own.isEmpty()) {
        return onlyFloat(own);
      }
      List<QuantizationSpec> all = match.stream().flatMap(known -> known.marks().stream()).toList();
      return all.isEmpty()
          ? Optional.of("rule '" + rule + "' claims it and marks nothing")
          : onlyFloat(all);
    }

    private static Optional<String> onlyFloat(List<QuantizationSpec> marks) {
      for (QuantizationSpec spec : marks) {
        if (spec.floatReason().isEmpty()) {
          return Optional.empty();
        }
      }
      return marks.get(0).floatReason();
    }
  }

  MarkRecords(List<Node> nodes, Map<String, Directive> directives) {
    this.directives = directives;
    this.records = new HashMap<>(2 * nodes.size());
    this.byNumber = new ArrayList<>(nodes.size());
    for (Node node : nodes) {
      Recorded known = new Recorded(node);
      records.put(node.name(), known);
      byNumber.add(known);
    }
  }

  Map<String, Directive> directives() {
    return directives;
  }

  Optional<Directive> directive(Node node) {
    return Optional.ofNullable(directives.get(node.name()));
  }

  Node requireOfGraph(Node node) {
    return ofGraph(node).node;
  }

  boolean isClaimed(Node node) {
    return ofGraph(node).claim != null;
  }

  boolean isFree(Node node) {
    return isFree(ofGraph(node));
  }

  boolean isFree(GraphValues.Member node) {
    return isFree(ofGraph(node));
  }

  private boolean isFree(Recorded known) {
    return known.claim == null && excludedBy(known.node).isEmpty();
  }

  void claim(String rule, List<Node> match) {
    Words.requireName(rule, "the name of the rule");
    if (match.isEmpty()) {
      throw new IllegalArgumentException("rule '" + rule + "' claims no node");
    }
    if (new HashSet<>(match).size() < match.size()) {
      throw new IllegalArgumentException("rule '" + rule + "' claims a node twice in one match");
    }
    List<Recorded> claimed = new ArrayList<>(match.size());
    for (Node node : match) {
      claimed.add(claimable(rule, node));
    }
    Claim claim = Claim.of(rule, claimed);
    claimed.forEach(known -> known.claim = claim);
  }

  void mark(Point point, QuantizationSpec spec) {
    mark(records.get(point.node()), point, spec);
  }

  void mark(GraphValues.Member node, Point.Side side, int index, QuantizationSpec spec) {
    mark(ofGraph(node), new Point(node.node().name(), side, index), spec);
  }

  private static void mark(@Nullable Recorded known, Point point, QuantizationSpec spec) {
    Objects.requireNonNull(spec, "spec");
    if (known == null || known.claim == null) {
      throw unclaimed("the node of " + point);
    }
    requireExists(point, known);
    SpecsByIndex.Builder marks = known.marks(point.side());
    QuantizationSpec earlier = marks.get(point.index());
    if (earlier != null) {
      throw MarkErrors.markedTwice(point, earlier, spec);
    }
    marks.put(point.index(), spec);
  }

  /** Returns the spec of an operand or a result; empty when it is not marked. */
  Optional<QuantizationSpec> spec(Point point) {
    Recorded known = records.get(point.node());
    return known == null
        ? Optional.empty()
        : Optional.ofNullable(known.marks(point.side()).get(point.index()));
  }

  void requireExists(Point point) {
    requireExists(point, records.get(point.node()));
  }

  void optOut(Point existing) {
    unshared.add(existing);
  }

  void explain(Node node, String reason) {
    Words.require(reason, "the reason why node '" + node.name() + "' stays float");
    Recorded known = ofGraph(node);
    if (known.reason == null) {
      known.reason = reason;
    }
  }

  Optional<String> reason(Node node) {
    return Optional.ofNullable(ofGraph(node).reason);
  }

  void decidedBy(Node node, String who) {
    Words.require(who, "who decided on node '" + node.name() + "'");
    ofGraph(node).decider = who;
  }

  void claimedBy(Node node, String quantizer) {
    Words.requireName(quantizer, "the name of the quantizer");
    Recorded known = ofGraph(node);
    if (known.claim == null) {
      throw unclaimed("'" + node.name() + "'");
    }
    known.quantizer = quantizer;
  }

  private static OctetException unclaimed(String what) {
    return MarkErrors.UNCLAIMED_NODE
        .error("no rule has claimed " + what + ", so it has no marks")
        .build();
  }

  /**
   * Returns the decisions.
   *
   * @param unmatched the reason of a node that has neither owner nor reason
   */
  AnnotatedGraph.Builder annotated(Graph graph, Function<Node, String> unmatched) {
    AnnotatedGraph.Builder annotated = AnnotatedGraph.builder(graph);
    byNumber.forEach(known -> annotated.node(decision(known, unmatched)));
    unshared.forEach(annotated::unshared);
    return annotated;
  }

  private NodeAnnotation decision(Recorded known, Function<Node, String> unmatched) {
    Node node = known.node;
    NodeAnnotation.Builder decision =
        known.claim != null
            ? owned(known, known.claim)
            : NodeAnnotation.inFloat(node.name(), reason(known, unmatched));
    directive(node)
        .map(Directive::decidedBy)
        .or(() -> Optional.ofNullable(known.decider))
        .ifPresent(decision::decidedBy);
    Optional.ofNullable(known.quantizer).ifPresent(decision::quantizer);
    return decision.marks(known.operands, known.results).build();
  }

  private static NodeAnnotation.Builder owned(Recorded known, Claim claim) {
    NodeAnnotation.Builder decision =
        NodeAnnotation.claimed(known.node.name(), claim.rule()).match(claim.names());
    claim.floatReason(known).ifPresent(decision::inFloat);
    return decision;
  }

  private String reason(Recorded known, Function<Node, String> unmatched) {
    Optional<String> excluder = excludedBy(known.node);
    if (excluder.isPresent()) {
      return "excluded by " + excluder.get();
    }
    return known.reason != null ? known.reason : unmatched.apply(known.node);
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

  private Recorded claimable(String rule, Node node) {
    Recorded known = ofGraph(node);
    if (known.claim != null) {
      throw MarkErrors.OWNED_NODE
          .error(claims(rule, node) + "'" + known.claim.rule() + "' owns")
          .build();
    }
    Optional<String> excluder = excludedBy(node);
    if (excluder.isPresent()) {
      throw MarkErrors.excluded(claims(rule, node).strip(), excluder.get());
    }
    return known;
  }

  private static String claims(String rule, Node node) {
    return "rule '" + rule + "' claims node '" + node.name() + "', which ";
  }

  private Recorded ofGraph(GraphValues.Member member) {
    Recorded known = member.number() < byNumber.size() ? byNumber.get(member.number()) : null;
    return known != null && known.node.equals(member.node()) ? known : ofGraph(member.node());
  }

  private Recorded ofGraph(Node node) {
    Recorded known = records.get(node.name());
    if (known == null || !Objects.equals(node, known.node)) {
      throw MarkErrors.FOREIGN_NODE
          .error("node '" + node.name() + "' is not of the graph that is annotated")
          .candidates(known == null ? NearMisses.of(node.name(), records.keySet()) : List.of())
          .build();
    }
    return known;
  }

  private static void requireExists(Point point, @Nullable Recorded known) {
    List<String> values = known == null ? List.of() : known.values(point.side());
    if (point.index() >= values.size() || values.get(point.index()).isEmpty()) {
      throw MarkErrors.noPoint(point, List.of());
    }
  }
}
