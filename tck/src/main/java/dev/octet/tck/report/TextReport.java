package dev.octet.tck.report;

import dev.octet.tck.subject.Presets;
import dev.octet.tck.verdict.Asked;
import dev.octet.tck.verdict.CaseResult;
import dev.octet.tck.verdict.Measurement;
import dev.octet.tck.verdict.PresetReport;
import dev.octet.tck.verdict.RuleResult;
import dev.octet.tck.verdict.TckReport;
import dev.octet.tck.verdict.Verdict;
import dev.octet.workflow.text.ShownText;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A report in lines for a terminal: what did not pass, with what to type to see it again. */
public final class TextReport {

  private TextReport() {}

  /** Returns the lines. */
  public static String of(TckReport report) {
    StringBuilder text = new StringBuilder();
    for (PresetReport preset : report.presets()) {
      preset(text, report.asked(), preset);
    }
    return text.append(report.backend().name())
        .append(": ")
        .append(Words.conformance(report.conformance()))
        .append(
            String.format(
                Locale.ROOT, "; %s, seed %d%n", Words.cases(report), report.asked().seed()))
        .toString();
  }

  private static void preset(StringBuilder text, Asked asked, PresetReport preset) {
    Map<Verdict, Integer> counts = new TreeMap<>();
    preset.results().forEach(result -> counts.merge(result.verdict(), 1, Integer::sum));
    text.append(Presets.words(preset.options())).append(": ");
    String comma = "";
    for (Map.Entry<Verdict, Integer> count : counts.entrySet()) {
      text.append(comma).append(count.getValue()).append(' ').append(Words.verdict(count.getKey()));
      comma = ", ";
    }
    text.append(System.lineSeparator());
    for (Measurement measured : preset.measurements()) {
      text.append(
          String.format(
              Locale.ROOT,
              "  at most %d of %d steps off, %d of %d elements: %s%n",
              measured.largest(),
              measured.bound(),
              measured.differing(),
              measured.elements(),
              measured.use()));
    }
    for (RuleResult result : preset.results()) {
      if (!result.troubles().isEmpty() || result.hinders() || isLeftOut(result)) {
        trouble(text, asked, preset, result);
      }
    }
  }

  /** Tells whether there is a reason, not a case, for what came of a rule. */
  private static boolean isLeftOut(RuleResult result) {
    return result.reason().isPresent()
        && (result.verdict() == Verdict.EXCLUDED || result.verdict() == Verdict.NOTHING_RAN);
  }

  private static void trouble(
      StringBuilder text, Asked asked, PresetReport preset, RuleResult result) {
    text.append(
        String.format(
            Locale.ROOT,
            "  %s %s, %s: %s%n",
            result.rule().id(),
            result.rule().level(),
            Words.verdict(result.verdict()),
            result.rule().title()));
    if (isLeftOut(result)) {
      text.append(
          String.format(Locale.ROOT, "    %s%n", ShownText.lines(result.reason().orElse(""))));
    }
    for (CaseResult trouble : result.shownTroubles()) {
      text.append(
          String.format(
              Locale.ROOT,
              "    %s%n      %s%n      again: %s%n",
              trouble.name(),
              ShownText.lines(trouble.outcome().message().orElse("")),
              Again.command(asked, preset, result, trouble)));
    }
    if (result.otherTroubles() > 0) {
      text.append(String.format(Locale.ROOT, "    and %d more%n", result.otherTroubles()));
    }
    result.rule().hints().forEach(hint -> text.append("    look at %s%n".formatted(hint)));
  }
}
