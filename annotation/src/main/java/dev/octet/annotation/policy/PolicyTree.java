package dev.octet.annotation.policy;

import dev.octet.api.error.ErrorKind;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Point;
import dev.octet.api.option.Options;
import dev.octet.api.tree.Position;
import dev.octet.api.tree.Tree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Writes policies as plain trees and reads them back: {@code rules}, a list of maps with one
 * selector ({@code global: true}, {@code operator}, {@code module-type}, {@code module}, {@code
 * module-regex}, {@code node} or {@code where}) and either {@code options} or {@code exclude:
 * true}, or with {@code input} or {@code output} and either {@code exclude: true} or {@code
 * integers: true}; and {@code modules}, a map from node names to {@code path} and {@code type}.
 */
public final class PolicyTree {

  private static final String GLOBAL = "global";
  private static final String OPERATOR = "operator";
  private static final String MODULE_TYPE = "module-type";
  private static final String MODULE = "module";
  private static final String MODULE_REGEX = "module-regex";
  private static final String NODE = "node";
  private static final String WHERE = "where";
  private static final String OPTIONS = "options";
  private static final String EXCLUDE = "exclude";
  private static final String INPUT = "input";
  private static final String OUTPUT = "output";
  private static final String INTEGERS = "integers";
  private static final List<String> SELECTORS =
      List.of(GLOBAL, OPERATOR, MODULE_TYPE, MODULE, MODULE_REGEX, NODE, WHERE, INPUT, OUTPUT);

  private PolicyTree() {}

  /**
   * Returns a policy as a tree. Of a predicate that was written in code only the name is kept, so
   * that such a tree cannot be read back.
   */
  public static Tree.Mapping toTree(Policy policy) {
    Map<String, Tree> tree = new LinkedHashMap<>();
    if (!policy.modules().isEmpty()) {
      Map<String, Tree> modules = new LinkedHashMap<>();
      policy.modules().forEach((node, position) -> modules.put(node, tree(position)));
      tree.put("modules", Tree.of(modules));
    }
    List<Tree> rules = new ArrayList<>();
    policy.rules().forEach(rule -> rules.add(tree(rule)));
    policy.boundary().forEach(rule -> rules.add(tree(rule)));
    tree.put("rules", Tree.of(rules));
    return Tree.of(tree);
  }

  /**
   * Returns the policy of a tree. Each rule keeps its file and line as its source.
   *
   * @throws OctetException of kind {@code INPUT}, naming the position: {@code OCT-POL-009} for a
   *     pattern that is empty, {@code OCT-POL-004} for one that is no regular expression, {@code
   *     OCT-POL-006} for a rule without a selector or with several, {@code OCT-POL-007} for one
   *     without an action or with two, {@code OCT-POL-008} for a predicate without a condition,
   *     {@code OCT-TREE-001} to {@code OCT-TREE-005} for a value that does not fit its field
   */
  public static Policy fromTree(Tree tree) {
    Tree.Mapping map = tree.asMapping();
    map.allowOnly("modules", "rules");
    Policy.Builder policy = Policy.builder();
    map.find("modules").map(PolicyTree::modules).ifPresent(policy::modules);
    map.find("rules").map(Tree::asItems).orElse(List.of()).stream()
        .map(Tree::asMapping)
        .forEach(rule -> addRule(rule, policy));
    return policy.build();
  }

  /**
   * Returns options from a tree: by name a text, a number, a truth value, or a list of these for an
   * option that is given several times.
   *
   * @throws OctetException {@code OCT-TREE-001} for a value of another kind
   */
  public static Options options(Tree tree) {
    Map<String, List<String>> options = new LinkedHashMap<>();
    tree.asMapping().entries().forEach((name, value) -> options.put(name, values(value)));
    return new Options(options);
  }

  private static List<String> values(Tree tree) {
    return tree.oneOrMore().stream().map(PolicyTree::value).toList();
  }

  private static String value(Tree tree) {
    return tree.match(
        new Tree.Cases<>(
            Tree::asText,
            Tree::asText,
            Tree::asText,
            number -> number.value().toPlainString(),
            truth -> Boolean.toString(truth.value()),
            Tree::asText));
  }

  private static void addRule(Tree.Mapping map, Policy.Builder policy) {
    List<String> known = new ArrayList<>(SELECTORS);
    known.addAll(List.of(OPTIONS, EXCLUDE, INTEGERS));
    map.allowOnly(known.toArray(String[]::new));
    List<String> given = SELECTORS.stream().filter(name -> map.find(name).isPresent()).toList();
    if (given.size() != 1) {
      String found = given.isEmpty() ? "none" : "'" + String.join("' and '", given) + "'";
      throw PolicyErrors.SELECTORS
          .error("a rule has one selector, and this one has " + found)
          .at(map.position().toString())
          .candidates(SELECTORS)
          .build();
    }
    String kind = given.get(0);
    Tree pattern = map.get(kind);
    switch (kind) {
      case INPUT -> policy.boundary(boundaryRule(Point.Side.INPUT, pattern, map));
      case OUTPUT -> policy.boundary(boundaryRule(Point.Side.OUTPUT, pattern, map));
      default -> {
        Selector selector = at(pattern, () -> selector(kind, pattern));
        policy.rule(new PolicyRule(selector, action(map), source(map)));
      }
    }
  }

  private static BoundaryRule boundaryRule(Point.Side side, Tree pattern, Tree.Mapping map) {
    String action = onlyAction(map, List.of(EXCLUDE, INTEGERS));
    requireTrue(action, map.get(action));
    BoundaryRule.Form form =
        action.equals(INTEGERS) ? BoundaryRule.Form.INTEGERS : BoundaryRule.Form.FLOAT;
    return at(pattern, () -> new BoundaryRule(side, pattern.asText(), form, source(map)));
  }

  private static Selector selector(String kind, Tree pattern) {
    return switch (kind) {
      case GLOBAL -> {
        requireTrue(GLOBAL, pattern);
        yield Selector.global();
      }
      case OPERATOR -> Selector.operatorType(pattern.asText());
      case MODULE_TYPE -> Selector.moduleType(pattern.asText());
      case MODULE -> Selector.module(pattern.asText());
      case MODULE_REGEX -> Selector.moduleRegex(pattern.asText());
      case NODE -> Selector.node(pattern.asText());
      default -> NodeCondition.selector(pattern);
    };
  }

  private static PolicyAction action(Tree.Mapping map) {
    if (onlyAction(map, List.of(OPTIONS, EXCLUDE)).equals(OPTIONS)) {
      return new PolicyAction.Configure(options(map.get(OPTIONS)));
    }
    requireTrue(EXCLUDE, map.get(EXCLUDE));
    return new PolicyAction.Exclude();
  }

  /** Returns the one action that a rule has, of those that what it selects can have. */
  private static String onlyAction(Tree.Mapping map, List<String> possible) {
    List<String> found =
        List.of(OPTIONS, EXCLUDE, INTEGERS).stream()
            .filter(name -> map.find(name).isPresent())
            .toList();
    List<String> unfit = found.stream().filter(name -> !possible.contains(name)).toList();
    if (!unfit.isEmpty()) {
      throw PolicyErrors.unfitAction(
          unfit.contains(INTEGERS)
              ? "only inputs and outputs become integers, and this rule selects nodes"
              : BoundaryRule.NO_OPTIONS,
          map.position().toString(),
          possible);
    }
    if (found.size() != 1) {
      throw PolicyErrors.OPTIONS_OR_EXCLUDE
          .error(
              "a rule has either "
                  + String.join(" or ", possible.stream().map(PolicyTree::written).toList())
                  + ", and this one has "
                  + (found.isEmpty() ? "none" : "both"))
          .at(map.position().toString())
          .candidates(possible)
          .build();
    }
    return found.get(0);
  }

  private static String written(String action) {
    return action.equals(OPTIONS) ? OPTIONS : action + ": true";
  }

  private static void requireTrue(String name, Tree tree) {
    if (!tree.asBoolean()) {
      throw tree.outOfRange("'" + name + "' is always true");
    }
  }

  private static Map<String, ModulePosition> modules(Tree tree) {
    Map<String, ModulePosition> modules = new LinkedHashMap<>();
    tree.asMapping()
        .entries()
        .forEach(
            (node, position) -> {
              Tree.Mapping map = position.asMapping();
              map.allowOnly("path", "type");
              modules.put(
                  node,
                  new ModulePosition(map.get("path").asText(), map.find("type").map(Tree::asText)));
            });
    return modules;
  }

  /** The file's name without its folder, so that reports are the same on every machine. */
  private static Optional<String> source(Tree.Mapping map) {
    Position position = map.position();
    if (position.line() == 0) {
      return Optional.empty();
    }
    String file = position.source();
    int slash = Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\'));
    return Optional.of(file.substring(slash + 1) + ", line " + position.line());
  }

  /** Gives the position of a tree to errors of a selector, which knows of no file. */
  private static <T> T at(Tree tree, Supplier<T> made) {
    try {
      return made.get();
    } catch (OctetException e) {
      throw e.kind() == ErrorKind.INPUT ? e : e.inFile(tree.position().toString());
    }
  }

  private static Tree tree(ModulePosition position) {
    Map<String, Tree> tree = new LinkedHashMap<>();
    tree.put("path", Tree.of(position.path()));
    position.type().ifPresent(type -> tree.put("type", Tree.of(type)));
    return Tree.of(tree);
  }

  private static Tree tree(PolicyRule rule) {
    Map<String, Tree> tree = new LinkedHashMap<>();
    Map.Entry<String, Tree> selector = field(rule.selector());
    tree.put(selector.getKey(), selector.getValue());
    return rule.action()
        .match(
            new PolicyAction.Cases<>(
                configure -> with(tree, OPTIONS, tree(configure.options())),
                exclude -> with(tree, EXCLUDE, Tree.of(true))));
  }

  private static Tree tree(BoundaryRule rule) {
    Map<String, Tree> tree = new LinkedHashMap<>();
    tree.put(rule.side() == Point.Side.INPUT ? INPUT : OUTPUT, Tree.of(rule.glob()));
    tree.put(rule.form() == BoundaryRule.Form.INTEGERS ? INTEGERS : EXCLUDE, Tree.of(true));
    return Tree.of(tree);
  }

  private static Tree with(Map<String, Tree> fields, String name, Tree value) {
    fields.put(name, value);
    return Tree.of(fields);
  }

  private static Tree tree(Options given) {
    Map<String, Tree> options = new LinkedHashMap<>();
    given.values().forEach((name, values) -> options.put(name, tree(values)));
    return Tree.of(options);
  }

  private static Tree tree(List<String> values) {
    return values.size() == 1
        ? Tree.of(values.get(0))
        : Tree.of(values.stream().map(Tree::of).toList());
  }

  private static Map.Entry<String, Tree> field(Selector selector) {
    return selector.match(
        new Selector.Cases<>(
            global -> Map.entry(GLOBAL, Tree.of(true)),
            operator -> Map.entry(OPERATOR, Tree.of(operator.operator())),
            type -> Map.entry(MODULE_TYPE, Tree.of(type.type())),
            module -> Map.entry(MODULE, Tree.of(module.glob())),
            module -> Map.entry(MODULE_REGEX, Tree.of(module.regex())),
            node -> Map.entry(NODE, Tree.of(node.glob())),
            where -> Map.entry(WHERE, tree(where))));
  }

  private static Tree tree(Selector.Where where) {
    return where.predicate() instanceof NodeCondition condition
        ? condition.toTree()
        : Tree.of(Map.of("name", Tree.of(where.name())));
  }
}
