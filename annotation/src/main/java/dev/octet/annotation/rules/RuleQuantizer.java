package dev.octet.annotation.rules;

import dev.octet.annotation.policy.Policy;
import dev.octet.annotation.policy.PolicyDecisions;
import dev.octet.api.option.Options;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Quantizer;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/**
 * Marks a graph by the rules of a backend. Each node is looked at with the table of its own
 * options: those of the backend, over them those of the quantizer's own policy, over them those of
 * the caller's policy. A match has the options of its first node; a later node of it must not be
 * excluded. Not thread-safe.
 */
public final class RuleQuantizer implements Quantizer {

  private final Options given;
  private final Set<String> nodeOptions;
  private final Function<Options, BackendRules> tables;
  private final Policy policy;
  private final NodeSettings.Unselected unselected;

  private RuleQuantizer(
      Options given,
      Set<String> nodeOptions,
      Function<Options, BackendRules> tables,
      Policy policy,
      NodeSettings.Unselected unselected) {
    this.given = Objects.requireNonNull(given, "given");
    this.nodeOptions = new LinkedHashSet<>(nodeOptions);
    this.tables = Objects.requireNonNull(tables, "tables");
    this.policy = Objects.requireNonNull(policy, "policy");
    this.unselected = Objects.requireNonNull(unselected, "unselected");
  }

  /** Returns a quantizer with one table for all nodes. */
  public static RuleQuantizer of(BackendRules rules) {
    return new RuleQuantizer(
        Options.none(),
        Set.of(),
        options -> rules,
        Policy.none(),
        NodeSettings.Unselected.ALL_RULES);
  }

  /**
   * Returns a quantizer whose tables depend on options.
   *
   * @param given the options of the whole model
   * @param nodeOptions the names of those that may differ from node to node
   * @param tables gives the table of options; asked once for each set of options that occurs
   */
  public static RuleQuantizer of(
      Options given, Set<String> nodeOptions, Function<Options, BackendRules> tables) {
    return new RuleQuantizer(
        given, nodeOptions, tables, Policy.none(), NodeSettings.Unselected.ALL_RULES);
  }

  /**
   * Returns this quantizer with a policy of its own, under that of the caller.
   *
   * @param own the policy
   */
  public RuleQuantizer withPolicy(Policy own) {
    return new RuleQuantizer(given, nodeOptions, tables, own, unselected);
  }

  /** Returns this quantizer, which begins a match only at nodes that a policy selects. */
  public RuleQuantizer onlyWhereSelected() {
    return new RuleQuantizer(given, nodeOptions, tables, policy, NodeSettings.Unselected.NO_RULES);
  }

  /**
   * Returns this quantizer, which begins a match only at nodes that a policy selects; but rules
   * that depend on what others have quantized go on from there to nodes that no policy excludes.
   */
  public RuleQuantizer onlyWhereSelectedAndBehind() {
    return new RuleQuantizer(
        given, nodeOptions, tables, policy, NodeSettings.Unselected.DEPENDENT_RULES);
  }

  @Override
  public void annotate(AnnotationContext context) {
    PolicyDecisions own = policy.decide(context);
    NodeSettings settings = new NodeSettings(context, own, given, tables, unselected);
    new RuleAnnotation(context, settings).run();
  }

  @Override
  public Set<String> nodeOptions() {
    return new LinkedHashSet<>(nodeOptions);
  }
}
