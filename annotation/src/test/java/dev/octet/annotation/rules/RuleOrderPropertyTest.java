package dev.octet.annotation.rules;

import static dev.octet.annotation.rules.Specs.int8;
import static dev.octet.annotation.rules.Specs.keepFloat;
import static dev.octet.annotation.rules.Specs.sharedWith;
import static dev.octet.annotation.rules.Specs.uint8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.resolve.GeneratedGraph;
import dev.octet.annotation.resolve.Resolution;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.operator.OperatorSignature;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.AnnotationContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Neither the order of rules nor that of nodes changes what a table decides. */
class RuleOrderPropertyTest {

  private static final int GRAPHS = 10_000;
  private static final int ORDERS = 2;
  private static final int MOST_RULES = 8;
  private static final long BASE_SEED = Long.getLong("octet.seed", 20_260_202L);
  private static final List<String> OPERATORS =
      List.of(
          "Conv", "Relu", "Add", "Mul", "MatMul", "MaxPool", "Concat", "Split", "Sigmoid", "Clip",
          "TopK");

  @Test
  void decidesAlikeWhateverTheOrderOfRulesAndOfNodes() {
    System.out.println("rule order property: base seed " + BASE_SEED + ", " + GRAPHS + " graphs");
    Map<String, Integer> kinds = new TreeMap<>();
    for (int i = 0; i < GRAPHS; i++) {
      kinds.merge(kind(check(BASE_SEED + i)), 1, Integer::sum);
    }
    System.out.println("rule order property: outcomes " + kinds);
    assertTrue(kinds.getOrDefault("OCT-RULE-001", 0) > GRAPHS / 100, kinds.toString());
    assertTrue(kinds.getOrDefault("resolved", 0) > GRAPHS / 3, kinds.toString());
  }

  private static String check(long seed) {
    Random random = new Random(seed);
    Graph graph = GeneratedGraph.of(random, 3 + random.nextInt(22));
    List<Rule> rules = new ArrayList<>();
    for (int i = 1 + random.nextInt(MOST_RULES); i > 0; i--) {
      rules.add(rule("r" + i, random));
    }
    String expected = outcome(graph, rules);
    for (int i = 0; i < ORDERS; i++) {
      Collections.shuffle(rules, random);
      assertEquals(
          expected, outcome(GeneratedGraph.reordered(graph, random), rules), "seed " + seed);
    }
    return expected;
  }

  private static String kind(String outcome) {
    return outcome.startsWith("OCT-") ? outcome.substring(0, 12) : "resolved";
  }

  /** Returns the decision on every node and every group, in an order of their own, or the error. */
  private static String outcome(Graph graph, List<Rule> rules) {
    try {
      AnnotationContext context = AnnotationContext.of("acme", graph);
      new BackendRules("acme", rules, ModelBoundary.none()).quantizer().annotate(context);
      AnnotatedGraph annotated = context.annotated();
      return new TreeMap<>(annotated.nodes())
          + Resolution.resolve(annotated).groups().stream()
              .map(group -> group.points() + " " + group.spec())
              .sorted()
              .collect(Collectors.joining("\n", "\n", ""));
    } catch (OctetException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static Rule rule(String name, Random random) {
    BackendRules.RuleBuilder rule = BackendRules.named("acme").rule(name, pattern(random));
    if (random.nextInt(6) == 0) {
      return rule.claimAsFloat("slow").build().rules().get(0);
    }
    if (random.nextInt(5) == 0) {
      return rule.whereInputIsQuantized().outputSharesInput().build().rules().get(0);
    }
    rule = random.nextBoolean() ? rule.inputs(int8()) : rule.inputs(int8(), int8().symmetric());
    rule =
        switch (random.nextInt(6)) {
          case 0 -> rule.output(uint8());
          case 1 -> rule.output(sharedWith(MatchPoint.operand(0)));
          case 2 -> rule.output(keepFloat("wide"));
          default -> rule.output(int8());
        };
    return (random.nextInt(5) == 0 ? rule.withoutImplicitSharing(MatchPoint.output()) : rule)
        .build()
        .rules()
        .get(0);
  }

  private static NodePattern pattern(Random random) {
    NodePattern pattern = where(NodePattern.anyOf(operators(random)), random);
    for (int i = random.nextInt(3); i > 0; i--) {
      pattern =
          random.nextBoolean()
              ? pattern.then(operators(random))
              : pattern.optionally(operators(random));
      if (random.nextInt(4) == 0) {
        pattern = pattern.throughAnyOperand();
      }
      if (random.nextInt(4) == 0) {
        pattern = pattern.besideOtherReaders();
      }
      pattern = where(pattern, random);
    }
    return pattern;
  }

  private static String[] operators(Random random) {
    List<String> shuffled = new ArrayList<>(OPERATORS);
    Collections.shuffle(shuffled, random);
    return shuffled.subList(0, 1 + random.nextInt(3)).toArray(String[]::new);
  }

  private static boolean hasTwoOperands(NodePattern pattern) {
    return pattern.steps().get(pattern.steps().size() - 1).ops().stream()
        .flatMap(op -> OperatorSignature.of(op).stream())
        .anyMatch(signature -> signature.hasOperand(1));
  }

  private static NodePattern where(NodePattern pattern, Random random) {
    return switch (random.nextInt(24)) {
      case 0 -> hasTwoOperands(pattern) ? pattern.constantOperand(1) : pattern;
      case 1 -> pattern.variableOperand(0);
      case 2 -> hasTwoOperands(pattern) ? pattern.variableOperand(1) : pattern;
      case 3 -> hasTwoOperands(pattern) ? pattern.constantIfPresent(1) : pattern;
      case 4 -> pattern.where(Conditions.singleUse(0));
      case 5 -> pattern.where(Conditions.quantizedOperand(0));
      case 6 -> pattern.where(Conditions.followsMatch(0));
      case 7 -> pattern.where(Conditions.allFollowMatches());
      case 8 -> pattern.where(Conditions.otherOperandsVariable());
      case 9 -> pattern.where(Conditions.readBy("Add"));
      case 10 -> pattern.where(Conditions.followedBy("Relu"));
      case 11 -> pattern.where(Conditions.not(Conditions.singleUse(0)));
      default -> pattern;
    };
  }
}
