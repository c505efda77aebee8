package dev.octet.annotation.rules;

import static dev.octet.annotation.rules.Pattern.op;
import static dev.octet.annotation.rules.Specs.int8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.spec.NumericProfile;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BackendPageTest {

  private static final class Acme extends RuleBackend {
    Acme() {
      super("acme", "Adds.");
    }

    @Override
    public List<OptionDescriptor> options() {
      return List.of(
          new OptionDescriptor(
              "mode",
              OptionDescriptor.Type.CHOICE,
              "When.",
              Optional.of("static"),
              List.of("static", "dynamic", "same"),
              false));
    }

    @Override
    public BackendRules rules(Options options) {
      boolean dynamic = options.find("mode").equals(Optional.of("dynamic"));
      BackendRules.Builder table =
          BackendRules.named(name())
              .rule("dense", op("MatMul").constantOperand(1))
              .activation(dynamic ? int8().dynamic() : int8())
              .weight(int8().symmetric())
              .and();
      return dynamic
          ? table.build()
          : table.rule("pool", op("MaxPool")).outputSharesInput().build();
    }

    @Override
    public List<String> differences() {
      return List.of("It adds.");
    }
  }

  private static List<RuleWords> words(Pattern pattern, SpecTemplate output) {
    return RuleWords.of(BackendRules.named("acme").rule("r", pattern).output(output).build());
  }

  @Test
  void tellsOnlyWhatAnOptionChanges() {
    List<String> page = BackendPage.markdown(new Acme()).lines().toList();
    int variant = page.indexOf("### With `mode=dynamic`");
    assertEquals(
        List.of(
            "",
            "- int8, affine, per tensor, min-max becomes **int8, affine, per tensor, min-max,"
                + " dynamic**: `dense`",
            "",
            "There is no rule `pool`."),
        page.subList(variant + 1, variant + 5));
    assertTrue(!page.contains("### With `mode=same`"));
    assertTrue(page.contains("- It adds."));
  }

  @Test
  void tellsStepsOfOneOperatorApart() {
    Pattern pattern = op("Mul").then("Mul").constantOperand(1);
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
