package dev.octet.tck.report;

import dev.octet.tck.verdict.CaseResult;
import dev.octet.tck.verdict.PresetReport;
import dev.octet.tck.verdict.RuleResult;

/** What is typed to run one case again. */
final class Again {

  private Again() {}

  /** Returns the arguments behind {@code octet-tck run --provider NAME}. */
  static String command(PresetReport preset, RuleResult result, CaseResult trouble) {
    StringBuilder arguments = new StringBuilder("--rule " + result.rule().id());
    preset
        .options()
        .values()
        .forEach(
            (name, values) ->
                values.forEach(value -> arguments.append(" --option " + name + "=" + value)));
    return arguments
        .append(" --case '")
        .append(trouble.outcome().smallest().orElse(trouble.name()))
        .append("'")
        .toString();
  }
}
