package dev.octet.tck.report;

import dev.octet.api.provider.ApiVersion;
import dev.octet.tck.rule.Area;
import dev.octet.tck.subject.Presets;
import dev.octet.tck.verdict.Asked;
import dev.octet.tck.verdict.CaseResult;
import dev.octet.tck.verdict.PresetReport;
import dev.octet.tck.verdict.RuleResult;
import dev.octet.tck.verdict.TckReport;
import dev.octet.tck.verdict.Verdict;
import dev.octet.workflow.text.ShownText;
import java.util.List;

/** A report as one page of HTML that needs nothing beside it: no script, no address outside. */
public final class HtmlPage {

  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>TITLE</title>
      <style>
      :root { color-scheme: light dark; --line: #8886; --good: #1a7f37; --bad: #c62828; --soft: #9a6700; }
      @media (prefers-color-scheme: dark) { :root { --good: #56d364; --bad: #ff7b72; --soft: #e3b341; } }
      body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 68rem; padding: 0 1rem; }
      table { border-collapse: collapse; width: 100%; margin: 0.5rem 0 1.5rem; }
      th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.6rem; border-bottom: 1px solid var(--line); }
      td.n { text-align: right; font-variant-numeric: tabular-nums; }
      code, pre { font: 13px/1.4 ui-monospace, monospace; overflow-wrap: anywhere; white-space: pre-wrap; }
      .good { color: var(--good); } .bad { color: var(--bad); } .soft { color: var(--soft); }
      </style>
      </head>
      <body>
      """;

  private final StringBuilder page = new StringBuilder();
  private final Asked asked;

  private HtmlPage(Asked asked) {
    this.asked = asked;
  }

  /** Returns the page. */
  public static String of(TckReport report) {
    HtmlPage html = new HtmlPage(report.asked());
    html.head(report);
    report.presets().forEach(html::preset);
    return html.page.append("</body>\n</html>\n").toString();
  }

  private void head(TckReport report) {
    String title = report.backend().name() + ": " + Words.conformance(report.conformance());
    page.append(HEAD.replace("TITLE", escaped(title)));
    page.append("<h1>").append(escaped(title)).append("</h1>\n<table>\n");
    fact("backend", report.backend().name());
    report.backend().version().ifPresent(version -> fact("version", version));
    report.backend().sha256().ifPresent(sha -> fact("SHA-256", sha));
    fact("kit", KitVersion.text());
    fact("API", ApiVersion.CURRENT);
    fact("seed", Long.toString(report.asked().seed()));
    fact("cases", Words.cases(report));
    report.shortfall().ifPresent(why -> fact(why.id(), why.fact()));
    page.append("</table>\n");
  }

  private void fact(String name, String value) {
    page.append("<tr><th>").append(escaped(name)).append("</th><td><code>");
    page.append(escaped(value)).append("</code></td></tr>\n");
  }

  private void preset(PresetReport preset) {
    page.append("<h2>").append(escaped(Presets.words(preset.options()))).append("</h2>\n");
    for (Area area : Area.values()) {
      List<RuleResult> results =
          preset.results().stream().filter(r -> r.rule().area() == area).toList();
      if (!results.isEmpty()) {
        page.append("<h3>").append(escaped(area.title())).append("</h3>\n<table>\n");
        page.append("<tr><th>rule</th><th>verdict</th><th>cases</th><th></th></tr>\n");
        results.forEach(result -> rule(preset, result));
        page.append("</table>\n");
      }
    }
  }

  private void rule(PresetReport preset, RuleResult result) {
    page.append("<tr><td><code>").append(result.rule().id()).append("</code> ");
    page.append(escaped(result.rule().title())).append("</td><td class=\"");
    page.append(colour(result)).append("\">").append(Words.verdict(result.verdict()));
    page.append("</td><td class=\"n\">").append(result.cases().size()).append("</td><td>");
    result.reason().ifPresent(reason -> page.append(escaped(reason)));
    result.shownTroubles().forEach(trouble -> trouble(preset, result, trouble));
    if (result.otherTroubles() > 0) {
      page.append("<p>and ").append(result.otherTroubles()).append(" more</p>");
    }
    page.append("</td></tr>\n");
  }

  private void trouble(PresetReport preset, RuleResult result, CaseResult trouble) {
    page.append("<p><code>").append(escaped(trouble.name())).append("</code></p><pre>");
    page.append(escaped(trouble.outcome().message().orElse(""))).append("</pre><p>again: <code>");
    page.append(escaped(Again.command(asked, preset, result, trouble))).append("</code></p>");
  }

  private static String colour(RuleResult result) {
    if (result.hinders()) {
      return "bad";
    }
    return result.verdict() == Verdict.PASSED ? "good" : "soft";
  }

  private static String escaped(String text) {
    return ShownText.lines(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
