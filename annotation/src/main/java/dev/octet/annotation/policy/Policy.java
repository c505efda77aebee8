package dev.octet.annotation.policy;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.option.Options;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.BoundaryDirective;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Which nodes are quantized with which options, which stay float, and what the model's inputs and
 * outputs become. Immutable.
 *
 * <p>All rules that select a node are taken in the order of the ranks of their selectors (see
 * {@link Selector}), rules of one rank in the order in which they were added. Each adds its options
 * over those before it, name by name; an exclusion wipes what is before it.
 *
 * @param rules the rules on nodes
 * @param boundary the rules on inputs and outputs of the model
 * @param modules where nodes stand in the program that the model was exported from, by node name;
 *     what the model itself says of a node goes before it
 */
public record Policy(
    List<PolicyRule> rules, List<BoundaryRule> boundary, Map<String, ModulePosition> modules) {

  /** Copies the collections, keeping their order. */
  public Policy {
    rules = List.copyOf(rules);
    boundary = List.copyOf(boundary);
    modules = Collections.unmodifiableMap(new LinkedHashMap<>(modules));
  }

  /** Tells whether the policy says nothing. */
  public boolean isEmpty() {
    return rules.isEmpty() && boundary.isEmpty();
  }

  /** Returns the policy without rules. */
  public static Policy none() {
    return new Policy(List.of(), List.of(), Map.of());
  }

  /** Starts a policy. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns the policy with these rules and then those of another policy, whose modules go over
   * these.
   */
  public Policy then(Policy other) {
    List<PolicyRule> both = new ArrayList<>(rules);
    both.addAll(other.rules);
    List<BoundaryRule> bothOfBoundary = new ArrayList<>(boundary);
    bothOfBoundary.addAll(other.boundary);
    Map<String, ModulePosition> positions = new LinkedHashMap<>(modules);
    positions.putAll(other.modules);
    return new Policy(both, bothOfBoundary, positions);
  }

  /**
   * Decides for every node of a graph and its subgraphs, knowing names of the user's nodes alone.
   *
   * @param graph the graph
   * @param userNames gives the names in the user's model of the nodes whose work a node does, its
   *     own among them
   * @throws dev.octet.api.error.OctetException {@code OCT-POL-001} if a selector matches no node,
   *     with the names nearest to it; {@code OCT-POL-002} if one selects by module or module type,
   *     and the model has none
   */
  public PolicyDecisions decide(Graph graph, Function<Node, List<String>> userNames) {
    return decide(graph, () -> Subjects.named(graph, userNames, modules));
  }

  /**
   * Decides for every node of a graph and its subgraphs, knowing the user's nodes.
   *
   * @param context the graph, with the user's nodes
   * @throws dev.octet.api.error.OctetException as {@link #decide(Graph, Function)}
   */
  public PolicyDecisions decide(AnnotationContext context) {
    return decide(
        context.graph(),
        () -> Subjects.of(context.graph(), context::userNames, context::userNodes, modules));
  }

  private PolicyDecisions decide(Graph graph, Supplier<Subjects> subjects) {
    return isEmpty()
        ? PolicyDecisions.none()
        : new PolicyDecisions(
            rules.isEmpty() ? Map.of() : new RuleOrder(rules).decide(subjects.get()),
            decideBoundary(graph));
  }

  private Map<Point, BoundaryDirective> decideBoundary(Graph graph) {
    List<Point> points = new ArrayList<>();
    graph.inputs().forEach(input -> points.add(Point.input(input.name())));
    graph.outputs().forEach(output -> points.add(Point.output(output.name())));
    Map<Point, BoundaryDirective> decided = new HashMap<>();
    for (BoundaryRule rule : boundary) {
      BoundaryDirective said =
          new BoundaryDirective(rule.form() == BoundaryRule.Form.INTEGERS, rule.words());
      rule.selected(points).forEach(at -> decided.put(at, said));
    }
    Map<Point, BoundaryDirective> ordered = new LinkedHashMap<>();
    for (Point at : points) {
      Optional.ofNullable(decided.get(at)).ifPresent(said -> ordered.put(at, said));
    }
    return ordered;
  }

  /** Collects the rules of a policy. Not thread-safe. */
  public static final class Builder {
    private final List<PolicyRule> rules = new ArrayList<>();
    private final List<BoundaryRule> boundary = new ArrayList<>();
    private final Map<String, ModulePosition> modules = new LinkedHashMap<>();

    private Builder() {}

    /** Quantizes every node with these options. */
    public Builder global(Options options) {
      return configure(Selector.global(), options);
    }

    /** Quantizes the nodes of an operator with these options. */
    public Builder operatorType(String operator, Options options) {
      return configure(Selector.operatorType(operator), options);
    }

    /** Quantizes the nodes in modules of a type with these options. */
    public Builder moduleType(String type, Options options) {
      return configure(Selector.moduleType(type), options);
    }

    /** Quantizes the nodes in modules whose path matches a glob with these options. */
    public Builder module(String glob, Options options) {
      return configure(Selector.module(glob), options);
    }

    /**
     * Quantizes the nodes in modules whose path matches a regular expression with these options.
     */
    public Builder moduleRegex(String regex, Options options) {
      return configure(Selector.moduleRegex(regex), options);
    }

    /** Quantizes the nodes whose names match a glob with these options. */
    public Builder node(String glob, Options options) {
      return configure(Selector.node(glob), options);
    }

    /** Quantizes the nodes of which a predicate holds with these options. */
    public Builder where(String name, Predicate<PolicyNode> predicate, Options options) {
      return configure(Selector.where(name, predicate), options);
    }

    /** Quantizes the selected nodes with these options. */
    public Builder configure(Selector selector, Options options) {
      return rule(PolicyRule.of(selector, new PolicyAction.Configure(options)));
    }

    /** Keeps the selected nodes in float. */
    public Builder exclude(Selector selector) {
      return rule(PolicyRule.of(selector, new PolicyAction.Exclude()));
    }

    /** Adds a rule. */
    public Builder rule(PolicyRule rule) {
      rules.add(rule);
      return this;
    }

    /** Says what inputs or outputs of the model become. */
    public Builder boundary(BoundaryRule rule) {
      boundary.add(rule);
      return this;
    }

    /** Says where nodes stand, by node name; a later position of a node replaces an earlier one. */
    public Builder modules(Map<String, ModulePosition> positions) {
      modules.putAll(positions);
      return this;
    }

    /** Returns the policy. */
    public Policy build() {
      return new Policy(rules, boundary, modules);
    }
  }
}
