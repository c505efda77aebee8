package dev.octet.annotation.policy;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.option.Options;
import dev.octet.api.quantizer.AnnotationContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Which nodes are quantized with which options, and which stay float. Immutable.
 *
 * <p>All rules that select a node are taken in the order of the ranks of their selectors (see
 * {@link Selector}), rules of one rank in the order in which they were added. Each adds its options
 * over those before it, name by name; an exclusion wipes what is before it.
 *
 * @param rules the rules
 * @param modules where nodes stand in the program that the model was exported from, by node name;
 *     what the model itself says of a node goes before it
 */
public record Policy(List<PolicyRule> rules, Map<String, ModulePosition> modules) {

  /** Copies the collections, keeping their order. */
  public Policy {
    rules = List.copyOf(rules);
    modules = Collections.unmodifiableMap(new LinkedHashMap<>(modules));
  }

  /** Returns the policy without rules. */
  public static Policy none() {
    return new Policy(List.of(), Map.of());
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
    Map<String, ModulePosition> positions = new LinkedHashMap<>(modules);
    positions.putAll(other.modules);
    return new Policy(both, positions);
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
    return decide(() -> Subjects.named(graph, userNames, modules));
  }

  /**
   * Decides for every node of a graph and its subgraphs, knowing the user's nodes.
   *
   * @param context the graph, with the user's nodes
   * @throws dev.octet.api.error.OctetException as {@link #decide(Graph, Function)}
   */
  public PolicyDecisions decide(AnnotationContext context) {
    return decide(
        () -> Subjects.of(context.graph(), context::userNames, context::userNodes, modules));
  }

  private PolicyDecisions decide(Supplier<Subjects> subjects) {
    return rules.isEmpty() ? PolicyDecisions.none() : new RuleOrder(rules).decide(subjects.get());
  }

  /** Collects the rules of a policy. Not thread-safe. */
  public static final class Builder {
    private final List<PolicyRule> rules = new ArrayList<>();
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

    /** Says where nodes stand, by node name; a later position of a node replaces an earlier one. */
    public Builder modules(Map<String, ModulePosition> positions) {
      modules.putAll(positions);
      return this;
    }

    /** Returns the policy. */
    public Policy build() {
      return new Policy(rules, modules);
    }
  }
}
