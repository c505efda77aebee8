package dev.octet.annotation.rules;

import static dev.octet.annotation.rules.Conditions.absentAttribute;
import static dev.octet.annotation.rules.Conditions.all;
import static dev.octet.annotation.rules.Conditions.any;
import static dev.octet.annotation.rules.Conditions.attributeIn;
import static dev.octet.annotation.rules.Conditions.not;
import static dev.octet.annotation.rules.NodePattern.anyOf;
import static dev.octet.annotation.rules.NodePattern.op;
import static dev.octet.annotation.rules.Specs.int8;
import static dev.octet.annotation.rules.Specs.sharedWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.pattern.NodeCondition;
import dev.octet.api.tree.Position;
import dev.octet.api.tree.Tree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TableNamesTest {

  private static BackendRules.RuleBuilder rule(NodePattern pattern) {
    return BackendRules.named("acme").rule("r", pattern);
  }

  private static OctetException refused(String id, String fact, BackendRules.RuleBuilder rule) {
    OctetException e = assertThrows(OctetException.class, rule::build);
    assertEquals(id, e.id());
    assertEquals("rule 'r' of backend 'acme' " + fact, e.fact());
    return e;
  }

  private static BackendRules.RuleBuilder conv(NodeCondition... conditions) {
    return rule(op("Conv").where(conditions)).output(int8());
  }

  @Test
  void anExampleHasTheOperatorsOfAMatch() {
    Graph graph =
        new Graph(
            "example",
            List.of(),
            List.of(),
            Map.of(),
            List.of(
                Node.of("c", OpType.onnx("Conv"), List.of("x", "w"), List.of("y")),
                Node.of("r", OpType.onnx("Relu"), List.of("y"), List.of("z"))),
            Map.of(),
            Optional.empty());
    Model model = Model.of(graph, 21);
    refused(
        "OCT-RULE-008",
        "has an example of [Relu, Conv], and takes [[Conv], [Conv, Relu], [Conv, Clip]]",
        rule(op("Conv").optionally("Relu", "Clip")).output(int8()).example(model, "r", "c"));
    rule(op("Conv").optionally("Relu", "Clip")).output(int8()).example(model, "c").build();
    rule(op("Conv").optionally("Relu", "Clip")).output(int8()).example(model, "c", "r").build();
  }

  @Test
  void anUnknownOperatorHasNearMisses() {
    OctetException e =
        refused(
            "OCT-RULE-003",
            "names operator 'Convv', which ONNX does not have",
            rule(op("Convv")).output(int8()));
    assertEquals("Conv", e.candidates().get(0));
    refused(
        "OCT-RULE-003",
        "names operator 'ReLU', which ONNX does not have",
        rule(op("Conv").optionally("Relu", "ReLU")).output(int8()));
    for (NodeCondition condition :
        List.of(
            Conditions.followedBy("Add", "ReLU"),
            Conditions.readBy("ReLU"),
            Conditions.folded("ReLU"),
            Conditions.whenOperator("ReLU", Conditions.constantOperand(0)),
            not(any(Conditions.readBy("Add"), Conditions.readBy("ReLU"))))) {
      refused("OCT-RULE-003", "names operator 'ReLU', which ONNX does not have", conv(condition));
    }
  }

  @Test
  void anOperatorOfAVendorsDomainIsItsVendors() {
    rule(op("acme.Snake").constantOperand(7).where(attributeIn("waves", 1)))
        .mark(MatchPoint.result(0, 3), int8())
        .build();
    rule(anyOf("Relu", "acme.Snake").constantOperand(7)).output(int8()).build();
  }

  @Test
  void anOperandThatNoOperatorOfTheStepHasIsRefused() {
    String three = "names operand 3 of Conv, whose operands are Conv [X, W, B]";
    refused("OCT-RULE-004", three, rule(op("Conv")).mark(MatchPoint.operand(3), int8()));
    refused("OCT-RULE-004", three, rule(op("Conv").constantOperand(3)).output(int8()));
    refused("OCT-RULE-004", three, conv(Conditions.sameShape(0, 3)));
    refused(
        "OCT-RULE-004", three, conv(any(Conditions.singleUse(0), not(Conditions.singleUse(3)))));
    refused("OCT-RULE-004", three, rule(op("Conv")).output(sharedWith(MatchPoint.operand(3))));
    refused(
        "OCT-RULE-004",
        "names operand 1 of Relu or Neg, whose operands are Relu [X], Neg [X]",
        rule(op("Conv").then("Relu", "Neg").through(1)).output(int8()));
  }

  @Test
  void anOperandThatOneOperatorOfTheStepHasIsNot() {
    rule(anyOf("Conv", "Relu").constantIfPresent(2)).bias(int8()).build();
    rule(op("Concat").constantOperand(40)).output(int8()).build();
  }

  @Test
  void aResultThatNoOperatorOfTheStepHasIsRefused() {
    refused(
        "OCT-RULE-004",
        "names result 1 of Conv, whose results are Conv [Y]",
        rule(op("Conv")).mark(MatchPoint.result(0, 1), int8()));
    refused(
        "OCT-RULE-004",
        "names result 1 of Conv, whose results are Conv [Y]",
        conv(Conditions.unusedResult(1)));
    refused(
        "OCT-RULE-004",
        "names result 1 of Relu or Conv, whose results are Relu [Y], Conv [Y]",
        rule(op("Conv").optionally("Relu")).mark(MatchPoint.result(MatchPoint.LAST, 1), int8()));
    rule(op("Split")).mark(MatchPoint.result(0, 9), int8()).build();
  }

  @Test
  void anAttributeThatNoOperatorSetHasIsRefusedWithNearMisses() {
    OctetException e =
        refused(
            "OCT-RULE-005",
            "names attribute 'groups' of Conv, which has none of that name",
            conv(attributeIn("groups", 1)));
    assertEquals("group", e.candidates().get(0));
    refused(
        "OCT-RULE-005",
        "names attribute 'group' of Gemm, which has none of that name",
        rule(anyOf("Conv", "Gemm").where(attributeIn("group", 1))).output(int8()));
    rule(anyOf("Conv", "Gemm").whereOperatorIs("Conv", attributeIn("group", 1)))
        .output(int8())
        .build();
    // Of a former operator set.
    rule(op("Clip").where(Conditions.floatAttributeIs("min", 0))).output(int8()).build();
  }

  @Test
  void anAttributeThatIsOfAnotherTypeIsRefused() {
    refused(
        "OCT-RULE-006",
        "reads attribute 'auto_pad' of Conv as int or ints, but it is string",
        conv(attributeIn("auto_pad", 0)));
    refused(
        "OCT-RULE-006",
        "reads attribute 'group' of Conv as float, but it is int",
        conv(Conditions.floatAttributeIs("group", 1)));
    refused(
        "OCT-RULE-006",
        "reads attribute 'group' of Conv as string, but it is int",
        conv(Conditions.textAttributeIn("group", "1")));
  }

  @Test
  void anAttributeMustMeanSomethingWhenItIsAbsent() {
    NodeCondition one = attributeIn("dilations", 1);
    String fact =
        "asks for attribute 'dilations' of Conv, and neither the condition nor ONNX says in one way"
            + " what it means when it is absent";
    refused("OCT-RULE-007", fact, conv(one));
    refused("OCT-RULE-007", fact, conv(any(one, absentAttribute("pads"))));
    refused("OCT-RULE-007", fact, conv(absentAttribute("dilations"), one));
    conv(any(one, absentAttribute("dilations"))).build();
    conv(not(absentAttribute("dilations")), one).build();
    conv(Conditions.because(not(absentAttribute("dilations")), "no default"), one).build();
    conv(any(all(one, not(absentAttribute("dilations"))), Conditions.singleUse(0))).build();
    // 1 before operator set 13, -1 from then on.
    refused(
        "OCT-RULE-007",
        fact.replace("dilations", "axis").replace("Conv", "Softmax"),
        rule(op("Softmax").where(attributeIn("axis", -1))).output(int8()));
    rule(op("Concat").where(attributeIn("axis", 1))).output(int8()).build();
  }

  @Test
  void anAbsentFloatOrTextMeansWhatOnnxSays() {
    rule(op("Gemm").where(Conditions.floatAttributeIs("alpha", 1))).output(int8()).build();
    rule(op("Pad").where(Conditions.textAttributeIn("mode", "constant"))).output(int8()).build();
    rule(op("Clip").where(Conditions.floatAttributeIs("min", 0))).output(int8()).build();
    rule(op("LeakyRelu").where(Conditions.floatAttributeIs("alpha", 0.5f))).output(int8()).build();
    refused(
        "OCT-RULE-007",
        "asks for attribute 'clip' of LSTM, and neither the condition nor ONNX says in one"
            + " way what it means when it is absent",
        rule(op("LSTM").where(Conditions.floatAttributeIs("clip", 0))).output(int8()));
  }

  @Test
  void whatATableInAFileNamesIsRefusedWhereItStands() {
    NodePattern pattern =
        op("acme.A").where(not(any(Conditions.readBy("acme.B"), attributeIn("group", 1))));
    Tree tree =
        RuleTree.toTree(
            rule(pattern.then("acme.C").through(4))
                .output(sharedWith(MatchPoint.operand(5)))
                .build());
    assertEquals(
        "$.rules[0].pattern[0].operators[0]", place(tree, "acme.A", "Convv", "OCT-RULE-003"));
    String condition = "$.rules[0].pattern[0].conditions[0].condition.conditions";
    assertEquals(condition + "[0]", place(tree, "acme.B", "ReLU", "OCT-RULE-003"));
    assertEquals(condition + "[1]", place(tree, "acme.A", "Gemm", "OCT-RULE-005"));
    assertEquals("$.rules[0].pattern[1].entry", place(tree, "acme.C", "Relu", "OCT-RULE-004"));
    assertEquals("$.rules[0].marks[0].spec", place(tree, "acme.A", "Conv", "OCT-RULE-004"));
  }

  /** Returns where a tree is refused when one text of it is another. */
  private static String place(Tree tree, String text, String other, String id) {
    OctetException e =
        assertThrows(OctetException.class, () -> RuleTree.fromTree(placed(tree, "$", text, other)));
    assertEquals(id, e.id());
    String where = e.place().orElseThrow();
    assertEquals("acme.json:3:7 ", where.substring(0, 14));
    return where.substring(14);
  }

  /** Returns a tree as it were read from a file. */
  private static Tree placed(Tree tree, String path, String text, String other) {
    Position at = new Position("acme.json", path, 3, 7);
    return tree.match(
        new Tree.Cases<Tree>(
            mapping -> {
              Map<String, Tree> fields = new LinkedHashMap<>();
              mapping
                  .entries()
                  .forEach(
                      (name, f) -> fields.put(name, placed(f, path + "." + name, text, other)));
              return new Tree.Mapping(fields, at);
            },
            sequence -> {
              List<Tree> items = new ArrayList<>();
              for (Tree item : sequence.items()) {
                items.add(placed(item, path + "[" + items.size() + "]", text, other));
              }
              return new Tree.Sequence(items, at);
            },
            word -> new Tree.Text(word.value().equals(text) ? other : word.value(), at),
            number -> new Tree.Num(number.value(), at),
            bool -> new Tree.Bool(bool.value(), at),
            nothing -> new Tree.Null(at)));
  }
}
