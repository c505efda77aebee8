package dev.octet.annotation.policy;

import dev.octet.api.error.NearMisses;
import dev.octet.api.error.OctetException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Says that the selector of a rule matches no node. */
final class NoMatch {

  private NoMatch() {}

  static OctetException of(PolicyRule rule, Subjects subjects) {
    return rule.selector()
        .match(
            new Selector.Cases<>(
                global -> unsatisfied(rule),
                operator -> ofOperator(rule, operator.operator(), subjects),
                type -> ofType(rule, type.type(), subjects),
                module -> ofPath(rule, module.glob(), subjects),
                module -> ofPath(rule, module.regex(), subjects),
                name -> ofName(rule, name.glob(), subjects),
                where -> unsatisfied(rule)));
  }

  private static OctetException unsatisfied(PolicyRule rule) {
    return nothing(rule, "no node satisfies the " + rule.selector().words())
        .next("Correct the predicate, or leave the rule out.");
  }

  private static OctetException ofOperator(PolicyRule rule, String operator, Subjects subjects) {
    Set<String> known = distinct(subjects, node -> node.operators().stream().map(Object::toString));
    return nothing(rule, "no node is a '" + operator + "'")
        .candidates(nearest(operator, known))
        .next("Correct the operator; octet inspect lists the operators of a model.");
  }

  private static OctetException ofName(PolicyRule rule, String glob, Subjects subjects) {
    return nothing(rule, "no node's name matches '" + glob + "'")
        .candidates(nearest(glob, distinct(subjects, node -> node.names().stream())))
        .next(nextForName(glob));
  }

  /** A colon may stand behind a misspelt kind. */
  private static String nextForName(String glob) {
    String kind = glob.indexOf(':') < 0 ? "" : ", or the kind of selector before its colon";
    return "Correct the pattern" + kind + "; octet inspect lists the nodes of a model.";
  }

  private static OctetException ofPath(PolicyRule rule, String pattern, Subjects subjects) {
    Set<String> paths = distinct(subjects, NoMatch::paths);
    if (paths.isEmpty()) {
      return without(
          rule,
          "the model has no modules: its nodes have no metadata that names them, no map of modules"
              + " does, and no node's name has a '/'");
    }
    return nothing(rule, "no module's path matches '" + pattern + "'")
        .candidates(nearest(pattern, paths))
        .next("Correct the pattern.");
  }

  private static OctetException ofType(PolicyRule rule, String type, Subjects subjects) {
    Set<String> types =
        distinct(
            subjects, node -> node.modules().stream().flatMap(module -> module.type().stream()));
    if (types.isEmpty()) {
      return without(
          rule,
          "the model has no module types: its nodes have no metadata that names them, and no map of"
              + " modules does");
    }
    boolean simple = type.indexOf('.') < 0;
    Set<String> known = new LinkedHashSet<>();
    types.forEach(t -> known.add(simple ? t.substring(t.lastIndexOf('.') + 1) : t));
    return nothing(rule, "no module is a '" + type + "'")
        .candidates(nearest(type, known))
        .next("Correct the type.");
  }

  private static Stream<String> paths(PolicyNode node) {
    return node.modules().stream().map(ModulePosition::path).filter(path -> !path.isEmpty());
  }

  private static Set<String> distinct(
      Subjects subjects, java.util.function.Function<PolicyNode, Stream<String>> words) {
    Set<String> all = new LinkedHashSet<>();
    subjects.nodes().forEach(node -> words.apply(node).forEach(all::add));
    return all;
  }

  private static List<String> nearest(String wanted, Set<String> known) {
    return NearMisses.of(wanted, known);
  }

  private static OctetException.Builder nothing(PolicyRule rule, String fact) {
    return PolicyErrors.noMatch(fact, rule.words());
  }

  private static OctetException without(PolicyRule rule, String fact) {
    return PolicyErrors.NO_MODULES.error(fact).at(rule.words()).build();
  }
}
