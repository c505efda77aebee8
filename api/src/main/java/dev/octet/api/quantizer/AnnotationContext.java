package dev.octet.api.quantizer;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphScope;
import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.NameMapping;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.guard.CallSpan;
import dev.octet.api.option.Options;
import dev.octet.api.pattern.NodeView;
import dev.octet.api.spec.QuantizationSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that a quantizer is given to annotate one graph: the graph with its operator sets and the
 * scopes of its nodes, the options of each node, and the place where marks go.
 *
 * <p>Every node has at most one owner: the rule that claimed it first. Points can be marked on
 * claimed nodes only. Nodes are those of the graph and of its subgraphs; a node of another graph is
 * refused with {@code OCT-ANN-002} by every method that takes one.
 *
 * <p>Made by whoever plans, and by tests of a quantizer: {@code AnnotationContext.of("acme",
 * graph)}, and {@link #annotated} when the quantizer is done. Not thread-safe: it is marked on the
 * thread that made it, until {@link #close}; a mark from elsewhere or later is refused with {@code
 * OCT-REG-009}.
 */
public final class AnnotationContext {

  private final String backend;
  private final Graph graph;
  private final List<Node> nodes;
  private final Map<String, Long> opsets;
  private final Options options;
  private final UserNodes users;
  private final Map<String, String> reasons;
  private final MarkRecords marks;
  private final BoundaryRecords boundary;
  private final @Nullable AnnotationContext parent;
  private final CallSpan span = new CallSpan("the context of annotate");
  private @Nullable String lastNode;

  private AnnotationContext(
      Builder builder,
      Map<String, Directive> directives,
      UserNodes users,
      @Nullable AnnotationContext parent) {
    this.backend = builder.backend;
    this.graph = builder.graph;
    this.nodes = parent == null ? List.copyOf(graph.nodesWithSubgraphs()) : parent.nodes;
    this.opsets = Map.copyOf(builder.opsets);
    this.options = builder.options;
    this.users = users;
    this.reasons = Map.copyOf(builder.reasons);
    this.marks = new MarkRecords(nodes, Map.copyOf(directives));
    this.boundary = new BoundaryRecords(graph, Map.copyOf(builder.boundary));
    this.parent = parent;
  }

  /**
   * Returns the context of a graph alone: operator sets of version 0, no options, no policy.
   *
   * @param backend the backend's name, for the reason of nodes that no rule matches
   * @param graph the graph
   */
  public static AnnotationContext of(String backend, Graph graph) {
    return builder(backend, graph).build();
  }

  /**
   * Starts a context, with no more than {@link #of} knows.
   *
   * @param backend the backend's name, for the reason of nodes that no rule matches
   * @param graph the graph
   */
  public static Builder builder(String backend, Graph graph) {
    return new Builder(backend, graph);
  }

  /** Returns the graph. It cannot be changed here. */
  public Graph graph() {
    return graph;
  }

  /** Returns all nodes: each node of the graph, followed by the nodes of its subgraphs. */
  public List<Node> nodes() {
    return nodes;
  }

  /**
   * Returns the version of an operator set of the model; 0 when the model does not import it.
   *
   * @param domain the domain; empty for ONNX's own
   */
  public long opset(String domain) {
    return opsets.getOrDefault(domain, 0L);
  }

  /** Returns where a node stands: its graph, and the graphs around it with their constants. */
  public GraphScope scope(Node node) {
    return member(node).scope();
  }

  /** Returns a node with what stands around it, as conditions see it. */
  public NodeView view(Node node) {
    return NodeView.of(member(node), users::nodes);
  }

  /** Returns the options that the user chose for the backend, with the defaults of the others. */
  public Options options() {
    return options;
  }

  /** Returns the options of a node: {@link #options}, and over them what the policy says of it. */
  public Options options(Node node) {
    return directive(node).map(said -> said.over(options)).orElse(options);
  }

  /** Returns what the caller's policy says of a node; empty when it says nothing. */
  public Optional<Directive> directive(Node node) {
    return marks.directive(at(node));
  }

  /**
   * Returns the names in the user's model of the nodes whose work a node does: its own, and those
   * of nodes that were folded into it. Selectors match any of them.
   */
  public List<String> userNames(Node node) {
    return users.names(at(node));
  }

  /**
   * Returns the nodes of the user's model whose work a node does, as far as the user's model is
   * known: with the operators and the metadata that the user's model has. Without it, the node
   * itself.
   */
  public List<Node> userNodes(Node node) {
    return users.nodes(at(node));
  }

  /** Tells whether a rule owns the node. */
  public boolean isClaimed(Node node) {
    reached(node.name());
    return marks.isClaimed(node) || (parent != null && parent.isClaimed(node));
  }

  /** Tells whether the node can be claimed: no rule owns it, and the caller's policy permits it. */
  public boolean isFree(Node node) {
    reached(node.name());
    return marks.isFree(node) && (parent == null || parent.isFree(node));
  }

  /**
   * As {@link #isFree(Node)}, for whoever walks the graph by its members: no name is looked up.
   *
   * @param node one of {@link GraphValues#members} of the graph
   */
  public boolean isFree(GraphValues.Member node) {
    reached(node.node().name());
    return marks.isFree(node) && (parent == null || parent.isFree(node));
  }

  /**
   * Claims the nodes of one match for a rule.
   *
   * @param rule the rule's name, as reports show it
   * @param match the nodes of the match, at least one
   * @throws dev.octet.api.error.OctetException {@code OCT-ANN-001} if a node has an owner; {@code
   *     OCT-ANN-006} if the caller's policy excludes a node
   * @throws IllegalArgumentException if there is no node
   */
  public void claim(String rule, List<Node> match) {
    requireOpen();
    if (!match.isEmpty()) {
      reached(match.get(0).name());
    }
    marks.claim(rule, match);
  }

  /**
   * Tells whether an input or output of the graph can be marked: it is not, and the caller's policy
   * permits it.
   *
   * @throws dev.octet.api.error.OctetException {@code OCT-ANN-007} if the graph has no such input
   *     or output
   */
  public boolean isFree(Point inputOrOutput) {
    return boundary.isFree(inputOrOutput) && (parent == null || parent.isFree(inputOrOutput));
  }

  /**
   * Returns what the caller's policy says of an input or output; empty when it says nothing.
   *
   * @throws dev.octet.api.error.OctetException {@code OCT-ANN-007} if the graph has no such input
   *     or output
   */
  public Optional<BoundaryDirective> directive(Point inputOrOutput) {
    return boundary.directive(inputOrOutput);
  }

  /**
   * Marks a point of a claimed node, or an input or output of the graph, which nobody need claim.
   *
   * @param point the point; an operand that is left out has none
   * @param spec how the point is quantized
   * @throws dev.octet.api.error.OctetException {@code OCT-ANN-003} if the node is not claimed;
   *     {@code OCT-ANN-006} if the caller's policy excludes the input or output; {@code
   *     OCT-ANN-007} if the point does not exist; {@code OCT-ANN-004} if the point is marked
   *     already
   */
  public void mark(Point point, QuantizationSpec spec) {
    requireOpen();
    Objects.requireNonNull(spec, "spec");
    if (point.isBoundary()) {
      boundary.mark(point, spec);
    } else {
      reached(point.node());
      marks.mark(point, spec);
    }
  }

  /**
   * Marks an input of the graph with the parameters of the first operand that reads it and is
   * quantized, or an output with those of the result that defines it.
   *
   * @return whether there is such a point; if not, nothing is marked
   * @throws dev.octet.api.error.OctetException as {@link #mark}
   */
  public boolean markAsNeighbour(Point inputOrOutput) {
    requireOpen();
    Optional<Point> neighbour = boundary.neighbour(inputOrOutput, marks::spec);
    neighbour.ifPresent(near -> mark(inputOrOutput, new QuantizationSpec.Shared(near)));
    return neighbour.isPresent();
  }

  /** Marks an operand of a claimed node; see {@link #mark}. */
  public void markOperand(Node node, int index, QuantizationSpec spec) {
    mark(Point.operand(at(node).name(), index), spec);
  }

  /** Marks an operand of a claimed node, a member of the graph; see {@link #mark}. */
  public void markOperand(GraphValues.Member node, int index, QuantizationSpec spec) {
    requireOpen();
    reached(node.node().name());
    marks.mark(node, Point.Side.OPERAND, index, spec);
  }

  /** Marks a result of a claimed node, a member of the graph; see {@link #mark}. */
  public void markResult(GraphValues.Member node, int index, QuantizationSpec spec) {
    requireOpen();
    reached(node.node().name());
    marks.mark(node, Point.Side.RESULT, index, spec);
  }

  /** Marks a result of a claimed node; see {@link #mark}. */
  public void markResult(Node node, int index, QuantizationSpec spec) {
    mark(Point.result(at(node).name(), index), spec);
  }

  /**
   * Keeps a marked point out of sharing parameters with other uses of its value just because their
   * specs are equal.
   *
   * @throws dev.octet.api.error.OctetException {@code OCT-ANN-007} if the point does not exist
   */
  public void optOutOfImplicitSharing(Point point) {
    requireOpen();
    if (point.isBoundary()) {
      boundary.requireExists(point);
    } else {
      reached(point.node());
      marks.requireExists(point);
    }
    marks.optOut(point);
  }

  /**
   * Says why a node stays float. A later reason for the same node is ignored; so is a reason for a
   * claimed node. It goes before the caller's own reason.
   *
   * @param node the node
   * @param reason why, in plain words, for the report
   */
  public void explain(Node node, String reason) {
    requireOpen();
    reached(node.name());
    marks.explain(node, reason);
  }

  /** Returns the reason that was given here why a node stays float. */
  public Optional<String> reason(Node node) {
    reached(node.name());
    return marks.reason(node);
  }

  /**
   * Returns why a node stays float unless it is claimed, as far as the caller knows: that the
   * reference kernels do not run it, that it was kept from being folded.
   */
  public Optional<String> callersReason(Node node) {
    return Optional.ofNullable(reasons.get(at(node).name()));
  }

  /**
   * Says who decided on a node, for a quantizer with a policy of its own. The latest call counts;
   * where the caller's policy says something of the node, that is what reports show.
   *
   * @param node the node
   * @param who which selector, such as {@code operator type 'Conv'}
   */
  public void decidedBy(Node node, String who) {
    requireOpen();
    reached(node.name());
    marks.decidedBy(node, who);
  }

  /**
   * Says which quantizer of a composition owns a claimed node. Plans and converted models name it
   * where they name the backend of others.
   *
   * @param node a claimed node
   * @param quantizer its name
   * @throws dev.octet.api.error.OctetException {@code OCT-ANN-003} if the node is not claimed
   */
  public void claimedBy(Node node, String quantizer) {
    requireOpen();
    reached(node.name());
    marks.claimedBy(node, quantizer);
  }

  /**
   * Returns the name of the node that a quantizer asked about or marked last, which is where it was
   * when it failed.
   */
  public Optional<String> lastNode() {
    return Optional.ofNullable(lastNode);
  }

  /**
   * Returns a context for one of several quantizers on this graph: it knows what this one knows,
   * and nothing of what the others do. Marks stay in it.
   *
   * @param name the quantizer's name
   * @param nodeOptions the names of its options; of what the policy says of a node, it sees those
   */
  public AnnotationContext child(String name, Set<String> nodeOptions) {
    requireOpen();
    Builder builder =
        builder(name, graph)
            .opsets(opsets)
            .options(options)
            .boundary(boundary.directives())
            .reasons(reasons);
    Map<String, Directive> narrowed = new LinkedHashMap<>();
    marks.directives().forEach((node, said) -> narrowed.put(node, said.narrowed(nodeOptions)));
    return new AnnotationContext(builder, narrowed, users, this);
  }

  /**
   * Returns the graph with a decision on every node; a node that nobody claimed and nobody gave a
   * reason for is one that no rule matches. Inputs and outputs of which neither marks nor the
   * caller's policy say anything have none.
   *
   * @throws dev.octet.api.error.OctetException {@code OCT-ANN-009} if the caller's policy makes an
   *     input or output integers that no quantized point reads or defines
   */
  public AnnotatedGraph annotated() {
    AnnotatedGraph.Builder annotated = marks.annotated(graph, this::unmatched);
    boundary.addTo(annotated, parent == null, marks::spec);
    return annotated.build();
  }

  /**
   * Takes no more marks: called by whoever called {@code annotate} when that has returned.
   *
   * @throws dev.octet.api.error.OctetException {@code OCT-REG-009} if another thread tried to mark
   */
  public void close() {
    span.end();
  }

  private String unmatched(Node node) {
    String given = reasons.get(node.name());
    return given != null ? given : "no rule of backend '" + backend + "' matches " + node.op();
  }

  private Node at(Node node) {
    reached(node.name());
    return marks.requireOfGraph(node);
  }

  private GraphValues.Member member(Node node) {
    return GraphValues.of(graph).member(at(node).name()).orElseThrow();
  }

  /** Marks of an other thread or of later would be lost, or be there at random. */
  private void requireOpen() {
    for (AnnotationContext each = this; each != null; each = each.parent) {
      each.span.require();
    }
  }

  private void reached(String node) {
    for (AnnotationContext each = this; each != null; each = each.parent) {
      each.lastNode = node;
    }
  }

  /** Collects what a context knows. Not thread-safe. */
  public static final class Builder {
    private final String backend;
    private final Graph graph;
    private Map<String, Long> opsets = Map.of();
    private Options options = Options.none();
    private NameMapping mapping = NameMapping.identity();
    private Graph original;
    private Map<String, Directive> directives = Map.of();
    private Map<Point, BoundaryDirective> boundary = Map.of();
    private Map<String, String> reasons = Map.of();

    private Builder(String backend, Graph graph) {
      this.backend = Objects.requireNonNull(backend, "backend");
      this.graph = Objects.requireNonNull(graph, "graph");
      this.original = graph;
    }

    /** Sets the versions of the model's operator sets by domain; that of ONNX's own is empty. */
    public Builder opsets(Map<String, Long> versions) {
      opsets = versions;
      return this;
    }

    /** Sets the options that the user chose for the backend, with the defaults of the others. */
    public Builder options(Options chosen) {
      options = Objects.requireNonNull(chosen, "chosen");
      return this;
    }

    /**
     * Sets the user's model.
     *
     * @param users its graph
     * @param onTheWay what became of its nodes on the way to the graph that is annotated
     */
    public Builder userGraph(Graph users, NameMapping onTheWay) {
      original = Objects.requireNonNull(users, "users");
      mapping = Objects.requireNonNull(onTheWay, "onTheWay");
      return this;
    }

    /** Sets what the caller's policy says, by node name; no entry where it says nothing. */
    public Builder directives(Map<String, Directive> said) {
      directives = said;
      return this;
    }

    /** Sets what the caller's policy says of inputs and outputs; no entry where it says nothing. */
    public Builder boundary(Map<Point, BoundaryDirective> said) {
      boundary = said;
      return this;
    }

    /** Sets why nodes stay float unless they are claimed, by node name, as the caller knows. */
    public Builder reasons(Map<String, String> known) {
      reasons = known;
      return this;
    }

    /** Returns a context without marks. */
    public AnnotationContext build() {
      return new AnnotationContext(this, directives, new UserNodes(original, mapping), null);
    }
  }
}
