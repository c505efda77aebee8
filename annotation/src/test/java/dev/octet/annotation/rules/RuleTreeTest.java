package dev.octet.annotation.rules;

import static dev.octet.annotation.rules.NodePattern.anyOf;
import static dev.octet.annotation.rules.NodePattern.op;
import static dev.octet.annotation.rules.Specs.derivedFromInputAndWeight;
import static dev.octet.annotation.rules.Specs.fixed;
import static dev.octet.annotation.rules.Specs.inputChannel;
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
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.pattern.NodeCondition;
import dev.octet.api.pattern.NodeView;
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

  private static final List<NodeCondition> CONDITIONS =
      List.of(
          Conditions.constantOperand(1),
          Conditions.variableOperand(2),
          Conditions.absentOperand(3),
          Conditions.otherOperandsConstant(),
          Conditions.otherOperandsVariable(),
          Conditions.rankIn(0, 3, 4),
          Conditions.sizeIn(1, -1, 1L, 5_000_000_000L),
          Conditions.divisible(1, 0, 8),
          Conditions.atMost(0, 2, 5_000_000_000L),
          Conditions.runsAlong(2, 1, outputChannel()),
          Conditions.runsAlong(2, 1, new ChannelAxis.Numbered(1)),
          Conditions.attributeIn("group", 1L, -2L),
          Conditions.absentAttribute("pads"),
          Conditions.floatAttributeIs("alpha", Float.NEGATIVE_INFINITY),
          Conditions.textAttributeIn("auto_pad", "NOTSET", "VALID"),
          Conditions.constantValue(1, -0.0f),
          Conditions.elementsAtLeast(1, 1000),
          Conditions.unusedResult(1),
          Conditions.singleUse(0),
          Conditions.followedBy("Relu", "acme.Snake"),
          Conditions.quantizedOperand(0),
          Conditions.otherOperandsRankIn(0, 1),
          Conditions.otherOperandsRunAlong(MatchPoint.operand(1), outputChannel()),
          Conditions.otherOperandsAre(MatchPoint.result(0, 0)),
          Conditions.operandIs(1, MatchPoint.operand(0)),
          Conditions.whenOperator("Clip", Conditions.constantOperand(1)),
          Conditions.because(Conditions.constantOperand(1), "the unit has no buffer"),
          Conditions.sameShape(0, 1),
          Conditions.sameValue(0, 1),
          Conditions.singleConstants(),
          Conditions.flattensBehindFirstAxis(),
          Conditions.readBy("Add"),
          Conditions.folded("BatchNormalization"),
          Conditions.followsMatch(1),
          Conditions.allFollowMatches(),
          Conditions.any(
              Conditions.all(Conditions.floatOperand(0)),
              Conditions.not(Conditions.constantOperand(0))));

  private static BackendRules whole() {
    return BackendRules.named("acme")
        .rule(
            "conv-add",
            op("acme.Conv")
                .where(CONDITIONS.toArray(NodeCondition[]::new))
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
        .mark(MatchPoint.everyResult(0), uint8())
        .mark(MatchPoint.operand(1, 1), int8().perGroup(inputChannel(), 32))
        .mark(
            MatchPoint.operand(2, 0),
            int8().perChannel(new ChannelAxis.Numbered(0), outputChannel(), inputChannel()))
        .mark(MatchPoint.result(1, 0), fixed(0.0078125f, -128))
        .mark(MatchPoint.result(2, 0), keepFloat("wide"))
        .output(sharedWith(MatchPoint.operand(0)))
        .withoutImplicitSharing(
            MatchPoint.output(), MatchPoint.operandsAfterFirst(), MatchPoint.otherVariables(2))
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
        .whereMadeBy("Softmax", int8().perChannel(new ChannelAxis.Numbered(0)))
        .mark(
            MatchPoint.output(),
            int8().quantizationAware().granularity(new Granularity.PerGroup(1, 32)))
        .build();
  }

  @Test
  void readsBackWhatItWrote() {
    assertEquals(whole(), RuleTree.fromTree(RuleTree.toTree(whole())));
    BackendRules boundary =
        BackendRules.named("acme").modelInputs(int8()).modelOutputs(fixed(0.5f, 3)).build();
    assertEquals(boundary, RuleTree.fromTree(RuleTree.toTree(boundary)));
    BackendRules empty = BackendRules.named("acme").build();
    assertEquals(empty, RuleTree.fromTree(RuleTree.toTree(empty)));
  }

  @Test
  void writesEveryKindOfCondition() {
    TreeSet<String> written = new TreeSet<>();
    CONDITIONS.forEach(c -> collectKinds(ConditionTree.toTree(c), written));
    assertEquals(new TreeSet<>(ConditionTree.kinds().keySet()), written);
    for (NodeCondition condition : CONDITIONS) {
      assertEquals(
          condition,
          ConditionTree.fromTree(ConditionTree.toTree(condition), RuleVocabulary.none()));
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
  void readsAConditionOfAVendorWithTheTableOfItsProviderAlone() {
    NodeCondition aligned =
        NodeCondition.of(
            "acme.aligned",
            "rows of the weight fill whole lines",
            node -> node.size(1, -1).orElse(1) % 8 == 0,
            NodeView.example(
                Node.of("n", OpType.onnx("MatMul"), List.of("x", "w"), List.of("y")),
                Map.of("w", Tensor.of(new float[16], 2, 8))));
    BackendRules table =
        BackendRules.named("acme")
            .rule("matmul", op("MatMul").where(Conditions.not(aligned)))
            .activation(int8())
            .build();
    Tree tree = RuleTree.toTree(table);
    assertEquals(table, RuleTree.fromTree(tree, RuleVocabulary.of(table)));
    OctetException error = assertThrows(OctetException.class, () -> RuleTree.fromTree(tree));
    assertEquals("OCT-RULE-002", error.id());
    assertTrue(error.getMessage().contains("'acme.aligned'"), error.getMessage());
  }

  @Test
  void writesConditionsInWords() {
    Map<String, Tree> expected = new LinkedHashMap<>();
    expected.put("kind", Tree.of("rank-in"));
    expected.put("operand", Tree.of(0));
    expected.put("ranks", Tree.of(List.of(Tree.of(3), Tree.of(4))));
    assertEquals(Tree.of(expected), ConditionTree.toTree(Conditions.rankIn(0, 3, 4)));
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
        List.of("after-first", "every", "others", "variables"),
        refused(mark(Map.of("step", Tree.of(0), "operand", Tree.of("all")))).candidates());
    assertEquals(
        List.of("last"),
        refused(mark(Map.of("step", Tree.of("end"), "result", Tree.of(0)))).candidates());
    assertEquals(
        "OCT-TREE-005",
        refused(mark(Map.of("step", Tree.of(0), "result", Tree.of("others")))).id());
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
