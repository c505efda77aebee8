package dev.octet.tck.junit;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.octet.api.provider.QuantizerProvider;
import dev.octet.tck.report.Words;
import dev.octet.tck.rule.Level;
import dev.octet.tck.run.TckRequest;
import dev.octet.tck.run.TckRun;
import dev.octet.tck.subject.Presets;
import dev.octet.tck.verdict.CaseResult;
import dev.octet.tck.verdict.Outcome;
import dev.octet.tck.verdict.PresetReport;
import dev.octet.tck.verdict.RuleResult;
import dev.octet.tck.verdict.TckReport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicNode;

/** A run of the kit as JUnit's tests. It runs when JUnit asks for the first of them. */
final class TckTests {

  private TckTests() {}

  static Stream<DynamicNode> of(QuantizerProvider provider, TckRequest request) {
    return Stream.of(request).flatMap(asked -> tests(run(provider, asked)));
  }

  private static TckReport run(QuantizerProvider provider, TckRequest request) {
    try {
      return TckRun.run(provider, request);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the run was interrupted", e);
    }
  }

  private static Stream<DynamicNode> tests(TckReport report) {
    return Stream.concat(
        report.presets().stream().map(TckTests::preset),
        Stream.of(dynamicTest("enough ran", () -> requireEnough(report))));
  }

  private static DynamicNode preset(PresetReport preset) {
    return dynamicContainer(
        Presets.words(preset.options()), preset.results().stream().map(TckTests::rule));
  }

  private static void requireEnough(TckReport report) {
    report.shortfall().ifPresent(why -> Assertions.fail(why.getMessage()));
  }

  private static DynamicNode rule(RuleResult result) {
    String name = result.rule().id() + " " + result.rule().title();
    if (result.cases().isEmpty()) {
      return dynamicTest(name, () -> withoutCases(result));
    }
    return dynamicContainer(name, result.cases().stream().map(tried -> test(result, tried)));
  }

  private static void withoutCases(RuleResult result) {
    String why = Words.verdict(result.verdict()) + result.reason().map(r -> ": " + r).orElse("");
    if (result.hinders()) {
      Assertions.fail(why);
    }
    Assumptions.abort(why);
  }

  private static DynamicNode test(RuleResult result, CaseResult tried) {
    return dynamicTest(
        tried.name(),
        () -> {
          if (tried.outcome().kind() == Outcome.Kind.PASSED) {
            return;
          }
          String message = message(result, tried);
          if (result.rule().level() == Level.SHOULD) {
            Assumptions.abort("SHOULD not met: " + message);
          }
          Assertions.fail(message);
        });
  }

  private static String message(RuleResult result, CaseResult tried) {
    StringBuilder text = new StringBuilder(tried.outcome().message().orElse(""));
    tried.outcome().smallest().ifPresent(name -> text.append("\nsmallest: ").append(name));
    result.rule().hints().forEach(hint -> text.append("\nlook at ").append(hint));
    return text.toString();
  }
}
