package dev.octet.annotation.policy;

import dev.octet.api.option.Options;
import dev.octet.api.quantizer.Directive;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The rules of a policy in the order in which they go over each other, patterns compiled. */
final class RuleOrder {

  /** The rank of what selects every node, and need not match any. */
  private static final int GLOBAL = 0;

  private static final int PREDICATE = 5;

  private record Compiled(PolicyRule rule, int rank, Predicate<PolicyNode> selects) {}

  private final List<PolicyRule> rules;
  private final List<Compiled> ordered = new ArrayList<>();

  RuleOrder(List<PolicyRule> rules) {
    this.rules = rules;
    rules.forEach(r -> ordered.add(new Compiled(r, rank(r.selector()), predicate(r.selector()))));
    // The sort is stable: rules of one rank keep their order.
    ordered.sort(Comparator.comparingInt(Compiled::rank));
  }

  Map<String, Directive> decide(Subjects subjects) {
    Set<Compiled> matched = new HashSet<>();
    Map<String, Directive> directives = new LinkedHashMap<>();
    for (PolicyNode node : subjects.nodes()) {
      Directive directive = directive(node, matched);
      if (directive != null) {
        directives.put(node.node().name(), directive);
      }
    }
    requireMatches(matched, subjects);
    return directives;
  }

  private @Nullable Directive directive(PolicyNode node, Set<Compiled> matched) {
    Directive directive = null;
    for (Compiled compiled : ordered) {
      if (compiled.selects().test(node)) {
        matched.add(compiled);
        directive = over(directive, compiled.rule());
      }
    }
    return directive;
  }

  private static Directive over(@Nullable Directive before, PolicyRule rule) {
    return rule.action()
        .match(
            new PolicyAction.Cases<>(
                configure -> configured(before, configure.options(), rule),
                exclude -> new Directive.Excluded(rule.words())));
  }

  private static Directive configured(
      @Nullable Directive before, Options options, PolicyRule rule) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    if (before != null) {
      values.putAll(
          before.match(
              new Directive.Cases<>(excluded -> Map.of(), below -> below.options().values())));
    }
    values.putAll(options.values());
    return new Directive.Configured(new Options(values), rule.words());
  }

  private void requireMatches(Set<Compiled> matched, Subjects subjects) {
    Set<PolicyRule> used = new HashSet<>();
    matched.forEach(compiled -> used.add(compiled.rule()));
    for (PolicyRule rule : rules) {
      if (!used.contains(rule) && !mayMatchNothing(rule)) {
        throw NoMatch.of(rule, subjects);
      }
    }
  }

  /** A predicate that keeps nothing out has looked at every node, and has no name to misspell. */
  private static boolean mayMatchNothing(PolicyRule rule) {
    int rank = rank(rule.selector());
    boolean excludes =
        rule.action().match(new PolicyAction.Cases<>(configure -> false, exclude -> true));
    return rank == GLOBAL || (rank == PREDICATE && excludes);
  }

  private static int rank(Selector selector) {
    return selector.match(
        new Selector.Cases<>(
            global -> GLOBAL,
            operatorType -> 1,
            moduleType -> 2,
            moduleGlob -> 3,
            moduleRegex -> 3,
            nodeGlob -> 4,
            where -> PREDICATE));
  }

  /** Returns what holds of the nodes that a selector selects. */
  static Predicate<PolicyNode> predicate(Selector selector) {
    return selector.match(
        new Selector.Cases<>(
            global -> node -> true,
            operator ->
                node ->
                    node.operators().stream()
                        .anyMatch(op -> op.toString().equals(operator.operator())),
            type ->
                node -> node.modules().stream().anyMatch(module -> module.isOfType(type.type())),
            module -> inModule(new Glob(module.glob())::matches),
            module -> inModule(new ModuleRegexMatch(module.regex())::matches),
            name -> named(new Glob(name.glob())),
            Selector.Where::predicate));
  }

  private static Predicate<PolicyNode> named(Glob glob) {
    return node -> node.names().stream().anyMatch(glob::matches);
  }

  /** The whole program, whose path is empty, is no module to select. */
  private static Predicate<PolicyNode> inModule(Predicate<String> matches) {
    return node ->
        node.modules().stream()
            .map(ModulePosition::path)
            .anyMatch(path -> !path.isEmpty() && matches.test(path));
  }
}
