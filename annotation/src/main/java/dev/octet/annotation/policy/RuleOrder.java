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
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules of a policy in the order in which they go over each other, patterns compiled. */
final class RuleOrder {

  private record Compiled(PolicyRule rule, int rank, Predicate<PolicyNode> selects) {}

  private final List<PolicyRule> rules;
  private final List<Compiled> ordered = new ArrayList<>();

  RuleOrder(List<PolicyRule> rules) {
    this.rules = rules;
    rules.forEach(r -> ordered.add(new Compiled(r, rank(r.selector()), predicate(r.selector()))));
    // The sort is stable: rules of one rank keep their order.
    ordered.sort(Comparator.comparingInt(Compiled::rank));
  }

  PolicyDecisions decide(Subjects subjects) {
    Set<Compiled> matched = new HashSet<>();
    Map<String, Directive> directives = new LinkedHashMap<>();
    for (PolicyNode node : subjects.nodes()) {
      Directive directive = directive(node, matched);
      if (directive != null) {
        directives.put(node.node().name(), directive);
      }
    }
    requireMatches(matched, subjects);
    return new PolicyDecisions(directives);
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
    if (!(rule.action() instanceof PolicyAction.Configure configure)) {
      return new Directive.Excluded(rule.words());
    }
    Map<String, List<String>> values = new LinkedHashMap<>();
    if (before instanceof Directive.Configured configured) {
      values.putAll(configured.options().values());
    }
    values.putAll(configure.options().values());
    return new Directive.Configured(new Options(values), rule.words());
  }

  private void requireMatches(Set<Compiled> matched, Subjects subjects) {
    Set<PolicyRule> used = new HashSet<>();
    matched.forEach(compiled -> used.add(compiled.rule()));
    for (PolicyRule rule : rules) {
      if (!used.contains(rule) && !(rule.selector() instanceof Selector.Global)) {
        throw NoMatch.of(rule, subjects);
      }
    }
  }

  private static int rank(Selector selector) {
    if (selector instanceof Selector.Global) {
      return 0;
    }
    if (selector instanceof Selector.OperatorType) {
      return 1;
    }
    if (selector instanceof Selector.ModuleType) {
      return 2;
    }
    if (selector instanceof Selector.ModuleGlob || selector instanceof Selector.ModuleRegex) {
      return 3;
    }
    return selector instanceof Selector.NodeGlob ? 4 : 5;
  }

  private static Predicate<PolicyNode> predicate(Selector selector) {
    if (selector instanceof Selector.OperatorType operator) {
      return node ->
          node.operators().stream().anyMatch(op -> op.toString().equals(operator.operator()));
    }
    if (selector instanceof Selector.ModuleType type) {
      return node -> node.modules().stream().anyMatch(module -> module.isOfType(type.type()));
    }
    if (selector instanceof Selector.ModuleGlob module) {
      return inModule(new Glob(module.glob())::matches);
    }
    if (selector instanceof Selector.ModuleRegex module) {
      return inModule(Pattern.compile(module.regex()).asMatchPredicate());
    }
    if (selector instanceof Selector.NodeGlob name) {
      Glob glob = new Glob(name.glob());
      return node -> node.names().stream().anyMatch(glob::matches);
    }
    return selector instanceof Selector.Where where ? where.predicate() : node -> true;
  }

  /** The whole program, whose path is empty, is no module to select. */
  private static Predicate<PolicyNode> inModule(Predicate<String> matches) {
    return node ->
        node.modules().stream()
            .map(ModulePosition::path)
            .anyMatch(path -> !path.isEmpty() && matches.test(path));
  }
}
