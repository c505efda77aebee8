package dev.octet.tck;

import static dev.octet.annotation.rules.Conditions.rankIn;
import static dev.octet.annotation.rules.MatchPoint.operand;
import static dev.octet.annotation.rules.NodePattern.anyOf;
import static dev.octet.annotation.rules.NodePattern.op;
import static dev.octet.annotation.rules.Specs.axis;
import static dev.octet.annotation.rules.Specs.derivedFromInputAndWeight;
import static dev.octet.annotation.rules.Specs.float16;
import static dev.octet.annotation.rules.Specs.inputChannel;
import static dev.octet.annotation.rules.Specs.int16;
import static dev.octet.annotation.rules.Specs.int4;
import static dev.octet.annotation.rules.Specs.int8;
import static dev.octet.annotation.rules.Specs.keepFloat;
import static dev.octet.annotation.rules.Specs.of;
import static dev.octet.annotation.rules.Specs.outputChannel;
import static dev.octet.annotation.rules.Specs.uint8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.annotation.ComposableQuantizer;
import dev.octet.annotation.rules.BackendRules;
import dev.octet.annotation.rules.RuleBackend;
import dev.octet.annotation.rules.SpecTemplate;
import dev.octet.api.option.Options;
import dev.octet.api.provider.ApiVersion;
import dev.octet.api.provider.BuiltFor;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.spec.ScaleGrid;
import dev.octet.api.spec.Storage;
import dev.octet.tck.run.TckRequest;
import dev.octet.tck.run.TckRun;
import dev.octet.tck.verdict.Conformance;
import dev.octet.tck.verdict.RuleResult;
import dev.octet.tck.verdict.TckReport;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Backends that are right in a way of their own are told so. */
class RightStylesTest {

  /** Cases of a rule beside those of the boundary list. */
  private static final int MOST = 6;

  /** Tables of rules, each for what few do. */
  private enum Style {
    INTEGERS_FROM_END_TO_END(
        rules ->
            rules
                .modelInputs(uint8())
                .modelOutputs(uint8())
                .rule("conv", op("Conv").constantOperand(1).constantIfPresent(2))
                .activation(uint8())
                .weight(int8().symmetric().perChannel(outputChannel()))
                .bias(derivedFromInputAndWeight())
                .output(uint8())
                .and()),
    WEIGHTS_ALONE_IN_GROUPS(
        rules ->
            rules
                .rule("dense", anyOf("Gemm", "MatMul").constantOperand(1).where(rankIn(1, 2, 3, 4)))
                .weight(int4().symmetric().weightOnly().perGroup(inputChannel(), 32))
                .and()),
    WHILE_THE_MODEL_RUNS(
        rules ->
            rules
                .rule("dense", op("MatMul").constantOperand(1).where(rankIn(1, 2, 3, 4)))
                .activation(uint8().dynamic())
                .weight(int8().symmetric().perChannel(outputChannel()))
                .and()),
    ROWS_OF_A_TABLE(
        rules ->
            rules
                .rule("gather", op("Gather").constantOperand(0))
                .mark(operand(0), of(Storage.UINT4).weightOnly().perGroup(axis(1), 2))
                .rule("product", op("Mul"))
                .inputs(int16().symmetric())
                .output(int16().symmetric())
                .and()),
    SUMS_ALONE(rules -> rules.rule("sum", op("Add")).inputs(int8()).output(int8()).and()),
    HALF_PRECISION(
        rules ->
            rules.rule("erf", anyOf("Erf", "Gelu")).activation(float16()).output(float16()).and()),
    RESULTS_FOR_THE_HOST(
        rules ->
            rules
                .rule("conv", op("Conv").constantOperand(1))
                .activation(int8())
                .weight(int8().symmetric())
                .output(keepFloat("the host reads it"))
                .and()),
    SHIFTS(
        rules -> {
          SpecTemplate.Observed shifted = int8().symmetric().scales(ScaleGrid.powersOfTwo());
          return rules
              .rule("conv", op("Conv").constantOperand(1).constantIfPresent(2))
              .activation(shifted)
              .weight(shifted.range(-127, 127))
              .bias(derivedFromInputAndWeight())
              .output(shifted)
              .and();
        });

    private final UnaryOperator<BackendRules.Builder> table;

    Style(UnaryOperator<BackendRules.Builder> table) {
      this.table = table;
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @EnumSource(Style.class)
  void aTableConforms(Style style) throws InterruptedException {
    requireConformant(new Styled(style));
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void aTableBesideAQuantizerThatOnlyLooksConforms() throws InterruptedException {
    requireConformant(
        new Styled(Style.SUMS_ALONE) {
          @Override
          public Quantizer create(Options options) {
            return ComposableQuantizer.of(
                Map.of("rules", ruleQuantizer(options), "looks", new Looking()));
          }
        });
  }

  /** A quantizer that claims nothing. */
  private static final class Looking implements Quantizer {
    @Override
    public void annotate(AnnotationContext context) {}
  }

  /**
   * The backend of a table. Its class has no constructor without arguments: nobody looks for it.
   */
  @BuiltFor(ApiVersion.CURRENT)
  private static class Styled extends RuleBackend {
    private final Style style;

    Styled(Style style) {
      super("styled", "A chip with a style of its own.");
      this.style = style;
    }

    @Override
    public BackendRules rules(Options options) {
      return style.table.apply(BackendRules.named(name())).build();
    }
  }

  private static void requireConformant(Styled backend) throws InterruptedException {
    TckReport report = TckRun.run(backend, TckRequest.everything().random(MOST));
    assertEquals(List.of(), report.results().filter(RuleResult::hinders).toList());
    assertEquals(Conformance.CONFORMANT, report.conformance());
  }
}
