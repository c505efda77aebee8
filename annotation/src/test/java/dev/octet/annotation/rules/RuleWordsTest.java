package dev.octet.annotation.rules;

import static dev.octet.annotation.rules.NodePattern.op;
import static dev.octet.annotation.rules.Specs.int8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.spec.NumericProfile;
import java.util.List;
import org.junit.jupiter.api.Test;

class RuleWordsTest {

  private static List<RuleWords> words(NodePattern pattern, SpecTemplate output) {
    return RuleWords.of(BackendRules.named("acme").rule("r", pattern).output(output).build());
  }

  @Test
  void tellsStepsOfOneOperatorApart() {
    NodePattern pattern = op("Mul").then("Mul").constantOperand(1);
    assertEquals(
        List.of("the second Mul: operand 1 is constant"),
        words(pattern, int8()).get(0).conditions());
  }

  @Test
  void joinsPointsOfOneSpecAndNamesAConstantOnlyWhereItDiffers() {
    BackendRules table =
        BackendRules.named("acme")
            .rule("add", op("Add"))
            .inputs(int8(), int8())
            .output(int8())
            .rule("mul", op("Mul"))
            .inputs(int8(), int8().symmetric())
            .build();
    assertEquals(
        List.of("every operand, result"),
        List.copyOf(RuleWords.of(table).get(0).groupedPoints().keySet()));
    assertEquals(
        List.of("every operand", "every operand where constant"),
        List.copyOf(RuleWords.of(table).get(1).groupedPoints().keySet()));
  }

  @Test
  void tellsTheArithmeticOfTheTableOnceAndThatOfAPointWhereItIsAnother() {
    NumericProfile torch = NumericProfile.torch().withScaleFloor(0x1p-12f);
    BackendRules table =
        BackendRules.named("acme")
            .rule("a", op("Add"))
            .inputs(int8().arithmetic(torch))
            .rule("b", op("Mul"))
            .inputs(int8().arithmetic(torch))
            .rule("c", op("Div"))
            .inputs(int8())
            .build();
    assertEquals(
        "values are multiplied by the reciprocal of the scale, scales are at least 2^-12",
        RuleWords.arithmetic(table));
    assertEquals(
        "int8, affine, per tensor, min-max, values are divided by the scale, scales are at least"
            + " 2^-23",
        RuleWords.of(table).get(2).points().get("every operand"));
    assertEquals(
        "int8, affine, per tensor, min-max",
        RuleWords.of(table).get(0).points().get("every operand"));
  }
}
