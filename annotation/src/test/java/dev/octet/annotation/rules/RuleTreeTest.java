package dev.octet.annotation.rules;

import static dev.octet.annotation.rules.NodePattern.anyOf;
import static dev.octet.annotation.rules.NodePattern.op;
import static dev.octet.annotation.rules.Specs.derivedFromInputAndWeight;
import static dev.octet.annotation.rules.Specs.fixed;
import static dev.octet.annotation.rules.Specs.int4;
import static dev.octet.annotation.rules.Specs.int8;
import static dev.octet.annotation.rules.Specs.keepFloat;
import static dev.octet.annotation.rules.Specs.outputChannel;
import static dev.octet.annotation.rules.Specs.sharedWith;
import static dev.octet.annotation.rules.Specs.uint8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.OpType;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.NumericProfile;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.tree.Position;
import dev.octet.api.tree.Tree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RuleTreeTest {

  private static final List<Condition> CONDITIONS =
      List.of(
          new Condition.ConstantOperand(1),
          new Condition.VariableOperand(2),
          new Condition.AbsentOperand(3),
          new Condition.OtherOperandsConstant(),
          new Condition.OtherOperandsVariable(),
          new Condition.RankIn(0, List.of(3, 4)),
          new Condition.SizeIn(1, -1, List.of(1L, 5_000_000_000L)),
          new Condition.Divisible(1, 0, 8),
          new Condition.AtMost(0, 2, 5_000_000_000L),
          new Condition.RunsAlong(2, 1, outputChannel()),
          new Condition.RunsAlong(2, 1, new ChannelAxis.Numbered(1)),
          new Condition.AttributeIn("group", List.of(1L, -2L)),
          new Condition.FloatAttributeIs("alpha", 0.1f, Float.NEGATIVE_INFINITY),
          new Condition.TextAttributeIn("auto_pad", List.of("NOTSET", "VALID"), "NOTSET"),
          new Condition.ConstantValue(1, -0.0f),
          new Condition.ElementsAtLeast(1, 1000),
          new Condition.UnusedResult(1),
          new Condition.SingleUse(0),
          new Condition.FollowedBy(List.of(OpType.onnx("Relu"), new OpType("acme", "Snake"))),
          new Condition.QuantizedOperand(0),
          new Condition.OtherOperandsRankIn(List.of(0, 1)),
          new Condition.OtherOperandsRunAlong(MatchPoint.operand(1), Specs.outputChannel()),
          new Condition.OtherOperandsAre(MatchPoint.result(0, 0)),
          new Condition.SameShape(0, 1),
          new Condition.FlattensBehindFirstAxis(),
          new Condition.ReadBy(List.of(OpType.onnx("Add"))),
          new Condition.Folded(OpType.onnx("BatchNormalization")),
          new Condition.FollowsMatch(1),
          new Condition.AllFollowMatches(),
          new Condition.AnyOf(
              List.of(
                  new Condition.AllOf(List.of(new Condition.FloatOperand(0))),
                  new Condition.Not(new Condition.ConstantOperand(0)))));

  private static BackendRules whole() {
    return BackendRules.named("acme")
        .rule(
            "conv-add",
            op("Conv")
                .where(CONDITIONS.toArray(Condition[]::new))
                .optionally("Relu", "acme.Snake")
                .then("Add")
                .through(1)
                .besideOtherReaders()
                .then("Mul"))
        .activation(uint8().range(0, 127).dynamic())
        .weight(int4().symmetric().perChannel(outputChannel()).weightOnly())
        .bias(derivedFromInputAndWeight())
        .mark(
            MatchPoint.otherOperands(2),
            int8().perChannel(new ChannelAxis.Numbered(0)),
            int8().perChannel(0))
        .mark(MatchPoint.result(1, 0), fixed(0.0078125f, -128))
        .mark(MatchPoint.result(2, 0), keepFloat("wide"))
        .output(sharedWith(MatchPoint.operand(0)))
        .withoutImplicitSharing(MatchPoint.output(), MatchPoint.operandsAfterFirst())
        .rule("pass-through", anyOf("MaxPool", "Reshape"))
        .whereInputIsQuantized()
        .outputSharesInput()
        .rule("concat", op("Concat"))
        .inputs(
            int8()
                .granularity(new Granularity.PerBlock(List.of(1L, 32L)))
                .arithmetic(
                    NumericProfile.onnx()
                        .withDivision(NumericProfile.Division.MULTIPLY_BY_RECIPROCAL)
                        .withZeroPointOrder(NumericProfile.ZeroPointOrder.BEFORE_ROUNDING)
                        .withScaleFloor(0.1f))
                .observedBy(new ObserverSpec("histogram", new TreeMap<>(Map.of("bins", "64")))))
        .mark(
            MatchPoint.output(),
            int8().quantizationAware().granularity(new Granularity.PerGroup(1, 32)))
        .build();
  }

  @Test
  void readsBackWhatItWrote() {
    assertEquals(whole(), RuleTree.fromTree(RuleTree.toTree(whole())));
    BackendRules empty = BackendRules.named("acme").build();
    assertEquals(empty, RuleTree.fromTree(RuleTree.toTree(empty)));
  }

  @Test
  void writesEveryKindOfCondition() {
    TreeSet<String> written = new TreeSet<>();
    CONDITIONS.forEach(c -> collectKinds(ConditionTree.toTree(c), written));
    assertEquals(new TreeSet<>(ConditionTree.kinds().keySet()), written);
    for (Condition condition : CONDITIONS) {
      assertEquals(condition, ConditionTree.fromTree(ConditionTree.toTree(condition)));
    }
  }

  private static void collectKinds(Tree tree, TreeSet<String> kinds) {
    if (tree instanceof Tree.Mapping map) {
      map.find("kind").ifPresent(kind -> kinds.add(kind.asText()));
      map.entries().values().forEach(value -> collectKinds(value, kinds));
    } else if (tree instanceof Tree.Sequence list) {
      list.items().forEach(item -> collectKinds(item, kinds));
    }
  }

  @Test
  void writesConditionsInWords() {
    Map<String, Tree> expected = new LinkedHashMap<>();
    expected.put("kind", Tree.of("rank-in"));
    expected.put("operand", Tree.of(0));
    expected.put("ranks", Tree.of(List.of(Tree.of(3), Tree.of(4))));
    assertEquals(Tree.of(expected), ConditionTree.toTree(new Condition.RankIn(0, List.of(3, 4))));
  }

  @Test
  void writesOnlyWhatIsNotUsual() {
    Tree.Mapping rule =
        rule(BackendRules.named("a").rule("relu", op("Relu")).output(int8()).build());
    assertEquals(List.of("name", "pattern", "marks"), List.copyOf(rule.entries().keySet()));
    Tree.Mapping step = rule.get("pattern").asItems().get(0).asMapping();
    assertEquals(List.of("operators", "entry"), List.copyOf(step.entries().keySet()));
    Tree.Mapping mark = rule.get("marks").asItems().get(0).asMapping();
    assertEquals(Tree.of(Map.of("step", Tree.of("last"), "result", Tree.of(0))), mark.get("at"));
    assertFalse(mark.get("spec").asMapping().entries().containsKey("channels"));
  }

  @Test
  void theAxisOfAWeightIsToldFromAFixedOne() {
    BackendRules fixed =
        BackendRules.named("a").rule("r", op("Conv")).weight(int8().perChannel(0)).build();
    BackendRules numbered =
        BackendRules.named("a")
            .rule("r", op("Conv"))
            .weight(int8().perChannel(new ChannelAxis.Numbered(0)))
            .build();
    assertNotEquals(RuleTree.toTree(fixed), RuleTree.toTree(numbered));
    assertEquals(numbered, RuleTree.fromTree(RuleTree.toTree(numbered)));
  }

  @Test
  void namesThePlaceAndTheKnownKindsOfAnUnknownCondition() {
    Tree tree = condition(Map.of("kind", Tree.of("constant-operands")));
    OctetException e = refused(tree);
    assertEquals("OCT-TREE-004", e.id());
    assertTrue(e.candidates().contains("constant-operand"), e.candidates().toString());
  }

  @Test
  void refusesFieldsOfOtherConditions() {
    OctetException e =
        refused(condition(Map.of("kind", Tree.of("single-use"), "operands", Tree.of(1))));
    assertEquals("OCT-TREE-003", e.id());
    assertEquals("unknown field 'operands'", e.fact());
    assertEquals("OCT-TREE-002", refused(condition(Map.of("kind", Tree.of("single-use")))).id());
  }

  @Test
  void refusesValuesThatARuleRefuses() {
    assertEquals(
        "OCT-TREE-005",
        refused(condition(Map.of("kind", Tree.of("any-of"), "conditions", Tree.of(List.of()))))
            .id());
    Tree far = mark(Map.of("step", Tree.of(3), "operand", Tree.of(0)));
    OctetException e = refused(far);
    assertEquals("OCT-TREE-005", e.id());
    assertEquals("rule 'r' speaks of operand 0 of step 3, and has fewer steps", e.fact());
  }

  @Test
  void refusesPointsThatAreNone() {
    assertEquals("OCT-TREE-002", refused(mark(Map.of("step", Tree.of(0)))).id());
    assertEquals(
        "a point is one of operand, result and definition",
        refused(mark(Map.of("step", Tree.of(0), "operand", Tree.of(0), "result", Tree.of(0))))
            .fact());
    assertEquals(
        "index -1 is negative",
        refused(mark(Map.of("step", Tree.of(0), "operand", Tree.of(-1)))).fact());
    assertEquals(
        List.of("after-first", "every", "others"),
        refused(mark(Map.of("step", Tree.of(0), "operand", Tree.of("all")))).candidates());
    assertEquals(
        List.of("last"),
        refused(mark(Map.of("step", Tree.of("end"), "result", Tree.of(0)))).candidates());
    assertEquals(
        "OCT-TREE-005", refused(mark(Map.of("step", Tree.of(0), "result", Tree.of("every")))).id());
  }

  @Test
  void anErrorStandsWhereItsValueStands() {
    Position place = new Position("rules.json", "$.backend", 3, 7);
    Tree tree = Tree.of(Map.of("backend", new Tree.Bool(true, place), "rules", Tree.of(List.of())));
    OctetException e = refused(tree);
    assertEquals("OCT-TREE-001", e.id());
    assertTrue(e.getMessage().contains("rules.json:3:7 $.backend"), e.getMessage());
  }

  private static Tree.Mapping rule(BackendRules table) {
    return RuleTree.toTree(table).get("rules").asItems().get(0).asMapping();
  }

  private static OctetException refused(Tree table) {
    return assertThrows(OctetException.class, () -> RuleTree.fromTree(table));
  }

  private static Tree condition(Map<String, Tree> condition) {
    return table(
        Map.of(
            "operators",
            Tree.of(List.of(Tree.of("Conv"))),
            "conditions",
            Tree.of(List.of(Tree.of(condition)))),
        Map.of("step", Tree.of(0), "operand", Tree.of(0)));
  }

  private static Tree mark(Map<String, Tree> at) {
    return table(Map.of("operators", Tree.of(List.of(Tree.of("Conv")))), at);
  }

  private static Tree table(Map<String, Tree> step, Map<String, Tree> at) {
    Tree spec = Tree.of(Map.of("kind", Tree.of("keep-float"), "reason", Tree.of("why")));
    Map<String, Tree> rule = new LinkedHashMap<>();
    rule.put("name", Tree.of("r"));
    rule.put("pattern", Tree.of(List.of(Tree.of(step))));
    rule.put("marks", Tree.of(List.of(Tree.of(Map.of("at", Tree.of(at), "spec", spec)))));
    return Tree.of(Map.of("backend", Tree.of("a"), "rules", Tree.of(List.of(Tree.of(rule)))));
  }
}
