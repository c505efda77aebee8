package dev.octet.annotation.rules;

import static dev.octet.annotation.rules.NodePattern.anyOf;
import static dev.octet.annotation.rules.NodePattern.op;
import static dev.octet.annotation.rules.Specs.derivedFromInputAndWeight;
import static dev.octet.annotation.rules.Specs.fixed;
import static dev.octet.annotation.rules.Specs.int8;
import static dev.octet.annotation.rules.Specs.keepFloat;
import static dev.octet.annotation.rules.Specs.outputChannel;
import static dev.octet.annotation.rules.Specs.sharedWith;
import static dev.octet.annotation.rules.Specs.uint8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.policy.Policy;
import dev.octet.annotation.policy.Selector;
import dev.octet.annotation.resolve.Resolution;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import dev.octet.api.option.Options;
import dev.octet.api.pattern.NodeCondition;
import dev.octet.api.provider.Capability;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RuleMatchingTest {

  private static final BackendRules CONV_AND_ADD =
      BackendRules.named("acme")
          .rule("conv-add", op("Conv").then("Add"))
          .activation(int8())
          .output(int8())
          .rule("conv", op("Conv"))
          .activation(int8())
          .output(int8())
          .build();

  private final Map<String, Tensor> constants = new LinkedHashMap<>();
  private final Map<String, ValueInfo> values = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private final List<String> outputs = new ArrayList<>(List.of("y"));

  @Test
  void alternativesAndOptionalPartsMatchTheLongestChain() {
    node("conv", "Conv", List.of("x", "w"), "c");
    node("add", "Add", List.of("c", "x"), "a");
    node("clip", "Clip", List.of("a"), "y");
    BackendRules table = one(op("Conv").optionally("Add", "Mul").optionally("Relu", "Clip"));
    AnnotatedGraph annotated = annotate(table);
    assertOwner(annotated, "r", "conv", "add", "clip");
    assertTrue(annotated.spec(Point.result("clip", 0)).isPresent());
    assertTrue(annotated.spec(Point.result("conv", 0)).isEmpty());
  }

  @Test
  void anOptionalPartInTheMiddleMayBeLeftOut() {
    node("conv", "Conv", List.of("x", "w"), "c");
    node("relu", "Relu", List.of("c"), "y");
    assertOwner(annotate(one(op("Conv").optionally("Add").then("Relu"))), "r", "conv", "relu");
  }

  @Test
  void ofTwoChainsIntoOneSumThatThroughOperandZeroWins() {
    node("b", "Conv", List.of("x", "w"), "right");
    node("a", "Conv", List.of("x", "w"), "left");
    node("add", "Add", List.of("right", "left"), "y");
    AnnotatedGraph annotated = annotate(CONV_AND_ADD);
    assertOwner(annotated, "conv-add", "b", "add");
    assertOwner(annotated, "conv", "a");
  }

  @Test
  void aMatchThatLostItsNodeSaysToWhom() {
    node("b", "Conv", List.of("x", "w"), "right");
    node("a", "Conv", List.of("x", "w"), "left");
    node("add", "Add", List.of("right", "left"), "y");
    assertReason(
        "rule 'r' matches, but node 'add' belongs to rule 'r'",
        annotate(one(op("Conv").then("Add"))),
        "a");
  }

  @Test
  void aFixedOperandPositionIsKept() {
    node("conv", "Conv", List.of("x", "w"), "c");
    node("sub", "Sub", List.of("x", "c"), "y");
    assertReason("no Sub alone reads its result", annotate(one(op("Conv").then("Sub"))), "conv");
    assertOwner(annotate(one(op("Conv").then("Sub").through(1))), "r", "conv", "sub");
    assertOwner(annotate(one(op("Conv").then("Sub").throughAnyOperand())), "r", "conv", "sub");
  }

  @Test
  void otherReadersAndGraphOutputsEndAChainUnlessTheStepAllowsThem() {
    node("conv", "Conv", List.of("x", "w"), "c");
    node("relu", "Relu", List.of("c"), "y");
    outputs.add("c");
    BackendRules alone = one(op("Conv").then("Relu"));
    assertReason("no Relu alone reads its result", annotate(alone), "conv");
    BackendRules beside = one(op("Conv").then("Relu").besideOtherReaders());
    assertOwner(annotate(beside), "r", "conv", "relu");
    outputs.remove("c");
    assertOwner(annotate(alone), "r", "conv", "relu");
    node("other", "Sigmoid", List.of("c"), "s");
    assertReason("no Relu alone reads its result", annotate(alone), "conv");
    assertOwner(annotate(beside), "r", "conv", "relu");
  }

  @Test
  void aReaderInASubgraphIsAnotherReader() {
    node("conv", "Conv", List.of("x", "w"), "c");
    node("relu", "Relu", List.of("c"), "r");
    branches(List.of(Node.of("inner", OpType.onnx("Sigmoid"), List.of("c"), List.of("i"))), "i");
    assertReason("no Relu alone reads its result", annotate(one(op("Conv").then("Relu"))), "conv");
  }

  @Test
  void chainsInsideSubgraphsMatchWithConstantsOfTheGraphAround() {
    branches(
        List.of(
            Node.of("inner/conv", OpType.onnx("Conv"), List.of("x", "w"), List.of("c")),
            Node.of("inner/relu", OpType.onnx("Relu"), List.of("c"), List.of("i"))),
        "i");
    AnnotatedGraph annotated = annotate(one(op("Conv").constantOperand(1).then("Relu")));
    assertOwner(annotated, "r", "inner/conv", "inner/relu");
    assertTrue(annotated.spec(Point.result("inner/relu", 0)).isPresent());
  }

  @Test
  void aChainDoesNotLeadIntoASubgraph() {
    node("conv", "Conv", List.of("x", "w"), "c");
    branches(List.of(Node.of("inner", OpType.onnx("Relu"), List.of("c"), List.of("i"))), "i");
    assertReason("no Relu alone reads its result", annotate(one(op("Conv").then("Relu"))), "conv");
  }

  @Test
  void twoRulesOfEqualRightAreAnErrorThatNamesBothAndTheNode() {
    node("conv", "Conv", List.of("x", "w"), "y");
    BackendRules table =
        BackendRules.named("acme")
            .rule("second", op("Conv"))
            .output(int8())
            .rule("first", anyOf("Conv", "Gemm"))
            .output(uint8())
            .build();
    OctetException e = assertThrows(OctetException.class, () -> annotate(table));
    assertEquals("OCT-RULE-001", e.id());
    assertEquals(
        "rules 'first' and 'second' both match, equally long and through the same operands",
        e.fact());
    assertEquals(Optional.of("node 'conv'"), e.place());
    assertEquals("Give one of the rules a condition that the other does not fulfil.", e.nextStep());
  }

  @Test
  void twoRulesMayMeetWhereALongerMatchTakesTheNodes() {
    node("conv", "Conv", List.of("x", "w"), "c");
    node("relu", "Relu", List.of("c"), "y");
    BackendRules table =
        BackendRules.named("acme")
            .rule("a", op("Conv"))
            .output(int8())
            .rule("b", op("Conv"))
            .output(uint8())
            .rule("long", op("Conv").then("Relu"))
            .output(int8())
            .build();
    assertOwner(annotate(table), "long", "conv", "relu");
  }

  @Test
  void conditionsSayInPlainWordsWhatIsMissing() {
    node("conv", "Conv", List.of("x", "v"), "y");
    assertReason("weight is not constant", condition(Conditions.constantOperand(1)), "conv");
    assertReason("bias is left out", condition(Conditions.constantOperand(2)), "conv");
    assertReason("bias is left out", condition(Conditions.variableOperand(2)), "conv");
    assertReason("weight is not left out", condition(Conditions.absentOperand(1)), "conv");
    assertReason(
        "weight is not left out, and weight has rank 4, not 2",
        condition(
            Conditions.any(
                Conditions.absentOperand(1), Conditions.rankIn(1, 2), Conditions.rankIn(1, 2))),
        "conv");
    assertReason("input has rank 4, not 2 or 3", condition(Conditions.rankIn(0, 2, 3)), "conv");
    assertReason(
        "input has size 3 along axis 1, not a multiple of 8",
        condition(Conditions.divisible(0, 1, 8)),
        "conv");
    assertReason(
        "input has size 8 along axis -1, above 4", condition(Conditions.atMost(0, -1, 4)), "conv");
    assertReason(
        "input has size 3 along axis 1, not 4", condition(Conditions.sizeIn(0, 1, 4L)), "conv");
  }

  @Test
  void attributesAreLookedAtWithTheirDefaults() {
    nodes.add(
        Node.of(
            "conv",
            OpType.onnx("Conv"),
            List.of("x", "w"),
            List.of("y"),
            Attribute.of("group", 3L)));
    assertReason("group is 3, not 1", condition(Conditions.attributeIn("group", 1L)), "conv");
  }

  @Test
  void anAbsentAttributeMeansWhatOnnxSays() {
    node("conv", "Conv", List.of("x", "w"), "y");
    assertReason("group is 1, not 2", condition(Conditions.attributeIn("group", 2L)), "conv");
    assertOwner(condition(Conditions.attributeIn("group", 1L)), "r", "conv");
    NodeCondition absent = Conditions.absentAttribute("dilations");
    assertOwner(
        condition(Conditions.any(Conditions.attributeIn("dilations", 1L), absent)), "r", "conv");
    assertReason("dilations is absent", condition(Conditions.not(absent)), "conv");
  }

  @Test
  void anAbsentAttributeOfAVendorsOperatorMeansNothing() {
    nodes.add(Node.of("own", new OpType("acme", "Snake"), List.of("x"), List.of("y")));
    assertReason(
        "waves is absent",
        annotate(one(op("acme.Snake").where(Conditions.attributeIn("waves", 1L)))),
        "own");
  }

  @Test
  void valuesOfAnotherTypeAreNotQuantized() {
    values.put("n", tensor("n", DataType.INT64));
    node("add", "Add", List.of("n", "x"), "y");
    AnnotatedGraph annotated = annotate(inputs(op("Add")));
    assertReason("type of operand 0 is INT64[1, 3, 8, 8], not FLOAT", annotated, "add");
  }

  @Test
  void theReasonIsThatOfTheRuleThatCameFurthest() {
    node("conv", "Conv", List.of("x", "v"), "y");
    BackendRules table =
        BackendRules.named("acme")
            .rule("a", op("Conv").constantOperand(2))
            .output(int8())
            .rule("b", op("Conv").variableOperand(0).constantOperand(1))
            .output(int8())
            .build();
    assertReason("weight is not constant", annotate(table), "conv");
  }

  @Test
  void aNodeThatOnlyComesLaterSaysBehindWhichRules() {
    node("conv", "Conv", List.of("x", "v"), "c");
    node("relu", "Relu", List.of("c"), "y");
    assertReason(
        "no rule of backend 'acme' matches Sigmoid",
        annotate(one(op("Conv").optionally("Relu")), sigmoid()),
        "sigmoid");
    AnnotatedGraph annotated = annotate(one(op("Conv").constantOperand(1).optionally("Relu")));
    assertReason("Relu is quantized only as a later part of rule 'r'", annotated, "relu");
  }

  @Test
  void everyOperandOfAVariadicNodeIsMarkedConstantsInTheirOwnWay() {
    node("concat", "Concat", List.of("x", "w", "x"), "y");
    BackendRules table =
        BackendRules.named("acme")
            .rule("concat", op("Concat"))
            .inputs(int8(), int8().symmetric())
            .mark(MatchPoint.output(), sharedWith(MatchPoint.operand(0)))
            .build();
    AnnotatedGraph annotated = annotate(table);
    assertEquals(
        List.of(false, true, false),
        List.of(
            symmetric(annotated, "concat", 0),
            symmetric(annotated, "concat", 1),
            symmetric(annotated, "concat", 2)));
  }

  @Test
  void anyTwoPointsOfAMatchCanShare() {
    node("concat", "Concat", List.of("x", "v", "w"), "c");
    node("relu", "Relu", List.of("c"), "y");
    BackendRules table =
        BackendRules.named("acme")
            .rule("r", op("Concat").then("Relu"))
            .mark(MatchPoint.result(1, 0), int8())
            .mark(MatchPoint.operand(0), sharedWith(MatchPoint.result(1, 0)))
            .mark(MatchPoint.operandsAfterFirst(), sharedWith(MatchPoint.operand(0)))
            .build();
    assertEquals(1, Resolution.resolve(annotate(table)).groups().size());
  }

  @Test
  void specsOfEveryKindAreWrittenForThePointsThatAreThere() {
    constant("b", 4);
    node("conv", "Conv", List.of("x", "w", "b"), "c");
    node("plain", "Conv", List.of("c", "w"), "p");
    node("softmax", "Softmax", List.of("p"), "y");
    BackendRules table =
        BackendRules.named("acme")
            .rule("conv", op("Conv"))
            .activation(int8().dynamic())
            .weight(int8().symmetric().perChannel(outputChannel()).weightOnly())
            .bias(derivedFromInputAndWeight())
            .rule("softmax", op("Softmax"))
            .mark(MatchPoint.operand(0), keepFloat("wide"))
            .output(fixed(0.00390625f, -128))
            .build();
    AnnotatedGraph annotated = annotate(table);
    assertEquals(Mode.DYNAMIC, observed(annotated, Point.operand("conv", 0)).mode());
    QuantizationSpec.Observed weight = observed(annotated, Point.operand("conv", 1));
    assertEquals(Mode.WEIGHT_ONLY, weight.mode());
    assertEquals(new Granularity.PerChannel(0), weight.granularity());
    assertEquals(
        List.of(Point.operand("conv", 0), Point.operand("conv", 1)),
        ((QuantizationSpec.Derived) annotated.spec(Point.operand("conv", 2)).orElseThrow())
            .sources());
    assertTrue(annotated.spec(Point.operand("plain", 2)).isEmpty());
    assertEquals(
        Optional.of(new QuantizationSpec.KeepFloat("wide")),
        annotated.spec(Point.operand("softmax", 0)));
    assertEquals(
        Optional.of(QuantizationSpec.Fixed.of(QuantizedType.of(Storage.INT8), 0.00390625f, -128)),
        annotated.spec(Point.result("softmax", 0)));
  }

  @Test
  void claimedButKeptFloatIsNoQuantizedInput() {
    node("relu", "Relu", List.of("x"), "r");
    node("pool", "MaxPool", List.of("r"), "y");
    BackendRules table =
        BackendRules.named("acme")
            .rule("relu", op("Relu"))
            .claimAsFloat("the unit has none")
            .rule("pool", op("MaxPool"))
            .whereInputIsQuantized()
            .outputSharesInput()
            .build();
    AnnotatedGraph annotated = annotate(table);
    assertOwner(annotated, "relu", "relu");
    assertReason("its input is not quantized", annotated, "pool");
  }

  @Test
  void whatIsChosenFromAConstantHasTheParametersOfTheConstant() {
    node("gather", "Gather", List.of("w", "x"), "rows");
    node("reshape", "Reshape", List.of("rows"), "flat");
    node("other", "Gather", List.of("v", "x"), "y");
    BackendRules table =
        BackendRules.named("acme")
            .rule("pass", anyOf("Gather", "Reshape"))
            .whereInputIsQuantizedOrConstant(int8())
            .outputSharesInput()
            .build();
    AnnotatedGraph annotated = annotate(table);
    assertOwner(annotated, "pass", "gather", "reshape");
    assertReason("its input is not quantized", annotated, "other");
    assertEquals(1, Resolution.resolve(annotated).groups().size());
    assertEquals(Storage.INT8, observed(annotated, Point.operand("gather", 0)).type().storage());
    for (Capability declared : table.capabilities()) {
      assertEquals(
          Optional.of(Storage.INT8), declared.constant().map(spec -> spec.type().storage()));
    }
  }

  @Test
  void refusesAnOutputThatSharesAnInputOfWhichTheRuleSaysNothing() {
    BackendRules.RuleBuilder rule =
        BackendRules.named("acme").rule("pool", op("MaxPool")).outputSharesInput();
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, rule::build);
    assertTrue(e.getMessage().startsWith("the output of rule 'pool' shares"), e.getMessage());
  }

  @Test
  void keepsEveryRuleThatALoopAdds() {
    BackendRules.Builder table = BackendRules.named("acme");
    for (String name : List.of("Relu", "Tanh", "Erf")) {
      table.rule(name, op(name)).activation(int8());
    }
    assertEquals(
        List.of("Relu", "Tanh", "Erf"), table.build().rules().stream().map(Rule::name).toList());
    assertEquals(table.build(), table.build());
    table.rule("Conv", op("Conv")).activation(int8());
    assertEquals(4, table.build().rules().size());
  }

  @Test
  void refusesMarksOfARuleThatHasEnded() {
    BackendRules.Builder table = BackendRules.named("acme");
    BackendRules.RuleBuilder relu = table.rule("relu", op("Relu")).activation(int8());
    table.rule("tanh", op("Tanh")).activation(int8());
    IllegalStateException e = assertThrows(IllegalStateException.class, () -> relu.output(int8()));
    assertEquals("rule 'relu' has ended", e.getMessage());
  }

  @Test
  void findsTwoBranchesThatJoinAsOneMatch() {
    node("left", "Conv", List.of("x", "w"), "a");
    node("right", "Conv", List.of("x", "w"), "b");
    node("sum", "Add", List.of("b", "a"), "s");
    node("relu", "Relu", List.of("s"), "y");
    NodePattern block =
        op("Conv").as("one").then("Add").as("sum").joinedBy(op("Conv").as("other")).then("Relu");
    BackendRules table =
        BackendRules.named("acme")
            .rule("block", block)
            .mark(block.operand("one", 0), uint8())
            .mark(block.operand("other", 0), int8())
            .output(int8())
            .build();
    AnnotatedGraph annotated = annotate(table);
    assertOwner(annotated, "block", "left", "right", "sum", "relu");
    // "right" enters the sum by operand 0, so that the chain runs through it
    assertEquals(Storage.UINT8, observed(annotated, Point.operand("right", 0)).type().storage());
    assertEquals(Storage.INT8, observed(annotated, Point.operand("left", 0)).type().storage());
    assertTrue(annotated.spec(Point.result("relu", 0)).isPresent());
    assertEquals(table, RuleTree.fromTree(RuleTree.toTree(table)));
  }

  @Test
  void saysWhichBranchIsNotThere() {
    node("left", "Conv", List.of("x", "w"), "a");
    node("right", "Conv", List.of("x", "w"), "b");
    node("sum", "Add", List.of("b", "a"), "s");
    node("again", "Relu", List.of("b"), "y");
    BackendRules table = one(op("Conv").then("Add").joinedBy(op("Conv")));
    assertReason("no Conv alone makes another operand of Add", annotate(table), "left");
  }

  @Test
  void stepsOfABranchMayBeLeftOut() {
    NodePattern block =
        op("Sub").then("Add").joinedBy(op("Conv").as("conv").optionally("Relu").optionally("Clip"));
    BackendRules table = one(block);
    assertEquals(table, RuleTree.fromTree(RuleTree.toTree(table)));
    for (List<String> chain :
        List.of(
            List.of("Conv"),
            List.of("Conv", "Relu"),
            List.of("Conv", "Clip"),
            List.of("Conv", "Relu", "Clip"))) {
      nodes.clear();
      node("sub", "Sub", List.of("x", "v"), "s");
      String from = "x";
      for (String step : chain) {
        List<String> operands = step.equals("Conv") ? List.of(from, "w") : List.of(from);
        node(step, step, operands, from + step);
        from += step;
      }
      node("add", "Add", List.of("s", from), "y");
      AnnotatedGraph annotated = annotate(table);
      assertOwner(annotated, "r", "sub", "add");
      assertOwner(annotated, "r", chain.toArray(String[]::new));
    }
    assertEquals(
        "Sub, then Add, joined by perhaps Clip behind perhaps Relu behind Conv",
        RuleWords.of(table).get(0).pattern());
    assertEquals(
        List.of(
            List.of("Sub", "Add", "Conv"),
            List.of("Sub", "Add", "Relu", "Conv"),
            List.of("Sub", "Add", "Clip", "Conv"),
            List.of("Sub", "Add", "Clip", "Relu", "Conv")),
        table.capabilities().stream()
            .map(c -> c.pattern().stream().map(OpType::toString).toList())
            .sorted(
                Comparator.comparing(List<String>::size).thenComparing(p -> p.get(2)).reversed())
            .sorted(Comparator.comparing(List::size))
            .toList());
  }

  /** The step that is left out was read alone, and so is the one in its place. */
  @Test
  void theLinkOfAStepThatIsLeftOutIsThatOfTheNext() {
    NodePattern block = op("Neg").then("Sub").joinedBy(1, op("Conv").optionally("Relu"));
    node("neg", "Neg", List.of("x"), "n1");
    node("conv", "Conv", List.of("x", "w"), "c");
    node("sub", "Sub", List.of("n1", "c"), "y");
    assertOwner(annotate(one(block)), "r", "neg", "conv", "sub");
    outputs.add("c");
    assertReason("no Conv alone makes another operand of Sub", annotate(one(block)), "neg");
  }

  @Test
  void branchesHaveBranches() {
    NodePattern gated = op("Conv").as("value").then("Mul").joinedBy(op("Sigmoid").as("gate"));
    NodePattern block = op("Neg").then("Add").joinedBy(gated.then("Relu"));
    node("neg", "Neg", List.of("x"), "n1");
    node("conv", "Conv", List.of("x", "w"), "c");
    node("sigmoid", "Sigmoid", List.of("x"), "s");
    node("mul", "Mul", List.of("s", "c"), "m");
    node("relu", "Relu", List.of("m"), "r");
    node("add", "Add", List.of("r", "n1"), "y");
    BackendRules table =
        BackendRules.named("acme")
            .rule("r", block)
            .mark(block.operand("value", 0), int8())
            .mark(block.operand("gate", 0), uint8())
            .build();
    AnnotatedGraph annotated = annotate(table);
    assertOwner(annotated, "r", "neg", "conv", "sigmoid", "mul", "relu", "add");
    assertEquals(Storage.INT8, observed(annotated, Point.operand("conv", 0)).type().storage());
    assertEquals(Storage.UINT8, observed(annotated, Point.operand("sigmoid", 0)).type().storage());
    assertEquals(table, RuleTree.fromTree(RuleTree.toTree(table)));
  }

  @Test
  void aBranchOfAnOptionalStepIsThereWithItAlone() {
    NodePattern block = op("Conv").optionally("Add").joinedBy(op("Neg").optionally("Relu"));
    node("neg", "Neg", List.of("x"), "n1");
    node("conv", "Conv", List.of("n1", "w"), "y");
    AnnotatedGraph alone = annotate(one(block));
    assertOwner(alone, "r", "conv");
    assertEquals(Optional.empty(), alone.nodes().get("neg").rule());
    nodes.clear();
    node("conv", "Conv", List.of("x", "w"), "c");
    node("neg", "Neg", List.of("x"), "n1");
    node("add", "Add", List.of("c", "n1"), "y");
    assertOwner(annotate(one(block)), "r", "conv", "neg", "add");
    assertEquals(
        List.of(
            List.of("Conv"), List.of("Conv", "Add", "Neg"), List.of("Conv", "Add", "Relu", "Neg")),
        one(block).capabilities().stream()
            .map(c -> c.pattern().stream().map(OpType::toString).toList())
            .sorted(Comparator.comparing(List::size))
            .toList());
  }

  @Test
  void refusesABranchOfAStepThatMayBeLeftOutOfABranch() {
    NodePattern sum = op("Conv").then("Add");
    NodePattern branch = op("Conv").optionally("Mul").joinedBy(op("Sigmoid"));
    assertThrows(IllegalArgumentException.class, () -> sum.joinedBy(branch));
    assertThrows(IllegalArgumentException.class, () -> sum.operand("none", 0));
    assertThrows(IllegalArgumentException.class, () -> sum.as("a").joinedBy(op("Conv").as("a")));
  }

  @Test
  void saysTheReasonOfTheVendor() {
    node("conv", "Conv", List.of("x", "v"), "y");
    NodePattern pattern = op("Conv").constantOperand(1).because("weights live in the flash");
    assertReason("weights live in the flash", annotate(one(pattern)), "conv");
    assertThrows(IllegalStateException.class, () -> op("Conv").because("nothing"));
  }

  @Test
  void valuesArePassedThroughChainsOfAnyLength() {
    node("relu", "Relu", List.of("x"), "r");
    node("z", "MaxPool", List.of("r"), "z");
    node("m", "Reshape", List.of("z"), "m");
    node("a", "MaxPool", List.of("m"), "y");
    BackendRules table =
        BackendRules.named("acme")
            .rule("pass", anyOf("MaxPool", "Reshape"))
            .whereInputIsQuantized()
            .outputSharesInput()
            .rule("relu", op("Relu"))
            .output(int8())
            .build();
    AnnotatedGraph annotated = annotate(table);
    assertOwner(annotated, "pass", "z", "m", "a");
    assertEquals(1, Resolution.resolve(annotated).groups().size());
  }

  @Test
  void aTableMarksTheModelsFloatInputsAndOutputs() {
    node("pool", "MaxPool", List.of("x"), "p");
    node("relu", "Relu", List.of("p"), "y");
    outputs.add("x");
    BackendRules table =
        BackendRules.named("acme")
            .modelInputs(int8())
            .modelOutputs(uint8())
            .rule("pool", op("MaxPool"))
            .whereInputIsQuantized()
            .outputSharesInput()
            .build();
    Set<Point> marked = annotate(table).boundary().keySet();
    assertFalse(marked.contains(Point.input("x")), "an input that is an output is handed through");
    assertFalse(marked.contains(Point.output("x")));
    assertTrue(marked.containsAll(List.of(Point.input("v"), Point.output("y"))));
    outputs.remove("x");
    AnnotatedGraph annotated = annotate(table);
    assertTrue(annotated.spec(Point.input("x")).isPresent());
    assertOwner(annotated, "pool", "pool");
    assertEquals(
        Resolution.resolve(annotated).group(Point.input("x")),
        Resolution.resolve(annotated).group(Point.result("pool", 0)));
  }

  @Test
  void specsOfInputsAndOutputsDependOnNoMatch() {
    BackendRules.Builder table = BackendRules.named("acme");
    assertThrows(
        IllegalArgumentException.class,
        () -> table.modelInputs(Specs.sharedWith(MatchPoint.operand(0))));
    assertThrows(
        IllegalArgumentException.class,
        () -> table.modelOutputs(int8().perChannel(Specs.outputChannel())));
  }

  @Test
  void nodesFollowTheOptionsThatPoliciesGiveThem() {
    node("a", "Relu", List.of("x"), "r");
    node("b", "Relu", List.of("r"), "y");
    RuleQuantizer quantizer =
        RuleQuantizer.of(
                Options.none(),
                Set.of("wide"),
                options ->
                    BackendRules.named("acme")
                        .rule("relu", op("Relu"))
                        .output(options.values().containsKey("wide") ? uint8() : int8())
                        .build())
            .withPolicy(Policy.builder().node("b", Options.of("wide", "true")).build());
    AnnotatedGraph annotated = annotate(quantizer, graph());
    assertEquals(Storage.INT8, observed(annotated, Point.result("a", 0)).type().storage());
    assertEquals(Storage.UINT8, observed(annotated, Point.result("b", 0)).type().storage());
    assertEquals(Optional.of("node 'b'"), annotated.nodes().get("b").decidedBy());
  }

  @Test
  void anExcludedFollowerIsNotFused() {
    node("conv", "Conv", List.of("x", "w"), "c");
    node("relu", "Relu", List.of("c"), "y");
    RuleQuantizer quantizer =
        RuleQuantizer.of(one(op("Conv").optionally("Relu")))
            .withPolicy(Policy.builder().exclude(Selector.node("relu")).build());
    AnnotatedGraph annotated = annotate(quantizer, graph());
    assertOwner(annotated, "r", "conv");
    assertReason("excluded by node 'relu'", annotated, "relu");
    assertTrue(annotated.spec(Point.result("conv", 0)).isPresent());
  }

  @Test
  void anEmptyTableQuantizesNothing() {
    node("relu", "Relu", List.of("x"), "y");
    AnnotatedGraph annotated = annotate(BackendRules.named("acme").build());
    assertReason("no rule of backend 'acme' matches Relu", annotated, "relu");
    assertEquals(List.of(), Resolution.resolve(annotated).groups());
  }

  @Test
  void aGraphWithoutNodesHasNoDecisions() {
    assertEquals(Map.of(), annotate(CONV_AND_ADD).nodes());
  }

  @Test
  void aGraphOfIntegersStaysAsItIs() {
    values.put("n", tensor("n", DataType.INT64));
    node("add", "Add", List.of("n", "n"), "m");
    values.put("m", tensor("m", DataType.INT64));
    AnnotatedGraph annotated = annotate(inputs(op("Add")));
    assertEquals(Optional.empty(), annotated.nodes().get("add").rule());
  }

  @Test
  void everyResultThatSomebodyAskedForIsMarked() {
    nodes.add(Node.of("split", OpType.onnx("Split"), List.of("x"), List.of("a", "", "b")));
    node("add", "Add", List.of("a", "b"), "y");
    BackendRules table =
        BackendRules.named("acme")
            .rule("split", op("Split"))
            .activation(int8())
            .resultsShareInput()
            .build();
    AnnotatedGraph annotated = annotate(table);
    Optional<QuantizationSpec> shared =
        Optional.of(new QuantizationSpec.Shared(Point.operand("split", 0)));
    assertEquals(shared, annotated.spec(Point.result("split", 0)));
    assertEquals(Optional.empty(), annotated.spec(Point.result("split", 1)));
    assertEquals(shared, annotated.spec(Point.result("split", 2)));
  }

  @Test
  void aConditionMayBeAboutOneOperatorOfAStep() {
    node("conv", "Conv", List.of("x", "w"), "c");
    node("clip", "Clip", List.of("c", "v"), "y");
    NodePattern pattern =
        op("Conv")
            .then("Relu", "Clip")
            .whereOperatorIs("Clip", Conditions.constantOperand(1))
            .because("the unit clips to constants");
    assertReason("Clip 'clip': the unit clips to constants", annotate(one(pattern)), "conv");
    assertEquals(
        List.of("", "the unit clips to constants"),
        one(pattern).capabilities().stream()
            .map(c -> c.conditions().stream().map(on -> reason(on.condition())).findFirst())
            .map(reason -> reason.orElse(""))
            .toList());
    nodes.set(1, Node.of("relu", OpType.onnx("Relu"), List.of("c"), List.of("y")));
    assertOwner(annotate(one(pattern)), "r", "conv", "relu");
    assertThrows(
        IllegalArgumentException.class,
        () -> op("Relu").whereOperatorIs("Clip", Conditions.constantOperand(1)));
  }

  private static String reason(NodeCondition condition) {
    return ((CombinedCondition.Because) condition).reason();
  }

  @Test
  void operandsMayAllBeConstant() {
    node("add", "Add", List.of("w", "w"), "y");
    AnnotatedGraph annotated = annotate(inputs(op("Add")));
    assertOwner(annotated, "r", "add");
    assertReason("operand 0 is constant", annotate(inputs(op("Add").variableOperand(0))), "add");
  }

  private Node sigmoid() {
    return Node.of("sigmoid", OpType.onnx("Sigmoid"), List.of("x"), List.of("s"));
  }

  private static BackendRules one(NodePattern pattern) {
    return BackendRules.named("acme").rule("r", pattern).activation(int8()).output(int8()).build();
  }

  private static BackendRules inputs(NodePattern pattern) {
    return BackendRules.named("acme").rule("r", pattern).inputs(int8()).build();
  }

  private AnnotatedGraph condition(NodeCondition condition) {
    return annotate(one(op("Conv").where(condition)));
  }

  private static void assertOwner(AnnotatedGraph annotated, String rule, String... names) {
    for (String name : names) {
      assertEquals(Optional.of(rule), annotated.nodes().get(name).rule(), name);
    }
  }

  private static void assertReason(String reason, AnnotatedGraph annotated, String node) {
    assertEquals(Optional.of(reason), annotated.nodes().get(node).reason());
  }

  private static boolean symmetric(AnnotatedGraph annotated, String node, int operand) {
    return observed(annotated, Point.operand(node, operand)).scheme().symmetry()
        == dev.octet.api.spec.Scheme.Symmetry.SYMMETRIC;
  }

  private static QuantizationSpec.Observed observed(AnnotatedGraph annotated, Point point) {
    return (QuantizationSpec.Observed) annotated.spec(point).orElseThrow();
  }

  private AnnotatedGraph annotate(BackendRules table, Node... more) {
    nodes.addAll(List.of(more));
    return annotate(table.quantizer(), graph());
  }

  private static AnnotatedGraph annotate(Quantizer quantizer, Graph graph) {
    AnnotationContext context = AnnotationContext.of("acme", graph);
    quantizer.annotate(context);
    return context.annotated();
  }

  private Graph graph() {
    constant("w", 4, 3, 1, 1);
    Map<String, ValueInfo> stated = new LinkedHashMap<>(values);
    for (Node node : nodes) {
      for (String result : node.results()) {
        if (!outputs.contains(result)) {
          stated.putIfAbsent(result, tensor(result, DataType.FLOAT));
        }
      }
    }
    List<ValueInfo> inputs = new ArrayList<>();
    for (String name : List.of("x", "v", "n", "p0")) {
      inputs.add(values.getOrDefault(name, tensor(name, DataType.FLOAT)));
      stated.remove(name);
    }
    return new Graph(
        "g",
        inputs,
        outputs.stream().map(name -> tensor(name, DataType.FLOAT)).toList(),
        constants,
        nodes,
        stated,
        Optional.empty());
  }

  private void node(String name, String op, List<String> operands, String result) {
    nodes.add(Node.of(name, OpType.onnx(op), operands, List.of(result)));
  }

  private void branches(List<Node> body, String result) {
    Map<String, ValueInfo> stated = new LinkedHashMap<>();
    body.forEach(node -> node.results().forEach(r -> stated.put(r, tensor(r, DataType.FLOAT))));
    stated.remove(result);
    Graph then =
        new Graph(
            "then",
            List.of(),
            List.of(tensor(result, DataType.FLOAT)),
            Map.of(),
            body,
            stated,
            Optional.empty());
    nodes.add(
        Node.of(
            "if",
            OpType.onnx("If"),
            List.of("p0"),
            List.of("y"),
            new Attribute("then_branch", new Attribute.GraphValue(then), Optional.empty())));
  }

  private void constant(String name, long... sizes) {
    int count = 1;
    for (long size : sizes) {
      count *= (int) size;
    }
    constants.put(name, Tensor.of(new float[count], sizes));
  }

  private static ValueInfo tensor(String name, DataType type) {
    return ValueInfo.of(name, ValueType.TensorType.of(type, Shape.of(1, 3, 8, 8)));
  }
}
