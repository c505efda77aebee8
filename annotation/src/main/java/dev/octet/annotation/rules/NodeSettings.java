package dev.octet.annotation.rules;

import dev.octet.annotation.policy.PolicyDecisions;
import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.option.Options;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.BoundaryDirective;
import dev.octet.api.quantizer.Directive;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What both policies and the options say of each node: which rules may begin there. */
final class NodeSettings {

  /** Which rules may begin at a node that no policy speaks of. */
  enum Unselected {
    /** All. */
    ALL_RULES,
    /** Those that depend on what others have quantized. */
    DEPENDENT_RULES,
    /** None. */
    NO_RULES
  }

  private final AnnotationContext context;
  private final PolicyDecisions own;
  private final Options given;
  private final Function<Options, BackendRules> tables;
  private final Unselected unselected;
  private final Map<Options, Table> tablesByOptions = new HashMap<>();
  private @Nullable Table tableOfGiven;

  /** The rules of a table by the operators of their first steps. */
  private record Table(
      Map<OpType, List<Rule>> independent,
      Map<OpType, List<Rule>> dependent,
      Map<OpType, SortedSet<String>> later,
      ModelBoundary boundary) {

    private static Table of(BackendRules rules) {
      Table table = new Table(new HashMap<>(), new HashMap<>(), new HashMap<>(), rules.boundary());
      for (Rule rule : rules.rules()) {
        var ofKind = rule.pattern().dependsOnOtherRules() ? table.dependent : table.independent;
        for (OpType op : rule.pattern().steps().get(0).ops()) {
          ofKind.computeIfAbsent(op, o -> new ArrayList<>()).add(rule);
        }
        for (Step step : rule.pattern().steps().subList(1, rule.pattern().steps().size())) {
          for (OpType op : step.ops()) {
            table.later.computeIfAbsent(op, o -> new TreeSet<>()).add(rule.name());
          }
        }
      }
      return table;
    }
  }

  NodeSettings(
      AnnotationContext context,
      PolicyDecisions own,
      Options given,
      Function<Options, BackendRules> tables,
      Unselected unselected) {
    this.context = context;
    this.own = own;
    this.given = given;
    this.tables = tables;
    this.unselected = unselected;
  }

  /**
   * Returns the rules whose first step is of the node's operator, for the node's options.
   *
   * @param dependent whether those that depend on what others have quantized, or the others
   */
  List<Rule> rulesAt(Node node, boolean dependent) {
    Table table = table(node);
    return (dependent ? table.dependent : table.independent).getOrDefault(node.op(), List.of());
  }

  /**
   * Returns the names of the rules of the node's options that have its operator in a later step.
   */
  SortedSet<String> rulesBehind(Node node) {
    return Collections.unmodifiableSortedSet(
        table(node).later.getOrDefault(node.op(), Collections.emptySortedSet()));
  }

  /**
   * Returns why no match may begin at the node; empty when one may.
   *
   * @param member the node
   * @param dependent whether the rule depends on what others have quantized
   */
  Optional<String> refusal(GraphValues.Member member, boolean dependent) {
    if (!context.isFree(member)) {
      return Optional.of("it is not free");
    }
    Node node = member.node();
    Optional<Directive> said = own.of(node.name());
    if (said.isEmpty() && unselected == Unselected.ALL_RULES) {
      return Optional.empty();
    }
    boolean callerSelects = context.directive(node).isPresent();
    if (said.isPresent() && excludes(said.get()) && !callerSelects) {
      return Optional.of("excluded by " + said.get().decidedBy());
    }
    boolean open =
        unselected == Unselected.ALL_RULES
            || (dependent && unselected == Unselected.DEPENDENT_RULES);
    return !open && said.isEmpty() && !callerSelects
        ? Optional.of("no configuration selects it")
        : Optional.empty();
  }

  /**
   * Returns how the table of the whole model quantizes an input or output; empty when it does not,
   * when the quantizer's own policy keeps it in float, or when only what a policy selects is
   * quantized.
   */
  Optional<SpecTemplate> boundary(Point point) {
    BoundaryDirective said = own.boundary().get(point);
    boolean open = unselected == Unselected.ALL_RULES && (said == null || said.integers());
    ModelBoundary ofTable = tableOfGiven().boundary;
    return !open
        ? Optional.empty()
        : point.side() == Point.Side.INPUT ? ofTable.inputs() : ofTable.outputs();
  }

  /** Returns the inputs and outputs that the quantizer's own policy makes integers. */
  List<Point> boundaryAsNeighbours() {
    return own.boundary().entrySet().stream()
        .filter(said -> said.getValue().integers())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Tells whether the node may be the later part of a match. */
  boolean mayFollow(GraphValues.Member member) {
    return context.isFree(member)
        && (own.of(member.node().name()).filter(NodeSettings::excludes).isEmpty()
            || context.directive(member.node()).isPresent());
  }

  private static boolean excludes(Directive directive) {
    return directive.match(new Directive.Cases<>(excluded -> true, configured -> false));
  }

  /** Returns what the quantizer's own policy decided of the node. */
  Optional<String> decidedBy(Node node) {
    return own.of(node.name()).map(Directive::decidedBy);
  }

  private Table table(Node node) {
    Optional<Directive> own = this.own.of(node.name());
    Optional<Directive> callers = context.directive(node);
    return own.isEmpty() && callers.isEmpty() ? tableOfGiven() : table(options(own, callers));
  }

  private Table tableOfGiven() {
    Table known = tableOfGiven == null ? table(given) : tableOfGiven;
    tableOfGiven = known;
    return known;
  }

  private Table table(Options options) {
    return tablesByOptions.computeIfAbsent(options, o -> Table.of(tables.apply(o)));
  }

  private Options options(Optional<Directive> own, Optional<Directive> callers) {
    Options below = own.map(said -> said.over(given)).orElse(given);
    return callers.map(said -> said.over(below)).orElse(below);
  }
}
