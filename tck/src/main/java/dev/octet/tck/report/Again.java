package dev.octet.tck.report;

import dev.octet.tck.run.TckRequest;
import dev.octet.tck.verdict.Asked;
import dev.octet.tck.verdict.CaseResult;
import dev.octet.tck.verdict.PresetReport;
import dev.octet.tck.verdict.RuleResult;

/** What is typed to run one case again. */
final class Again {

  private Again() {}

  /** Returns the arguments behind {@code octet-tck run --provider NAME}, for a POSIX shell. */
  static String command(Asked asked, PresetReport preset, RuleResult result, CaseResult trouble) {
    StringBuilder arguments = new StringBuilder("--rule " + result.rule().id());
    preset
        .options()
        .values()
        .forEach(
            (name, values) ->
                values.forEach(
                    value -> arguments.append(" --option ").append(quoted(name + "=" + value))));
    if (asked.seed() != TckRequest.SEED) {
      arguments.append(" --seed ").append(asked.seed());
    }
    return arguments
        .append(" --case '")
        .append(trouble.outcome().smallest().orElse(trouble.name()))
        .append("'")
        .toString();
  }

  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9=+._/-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
