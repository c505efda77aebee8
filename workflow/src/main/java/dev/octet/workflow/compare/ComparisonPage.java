package dev.octet.workflow.compare;

import dev.octet.workflow.evaluate.Sqnr;
import java.util.List;

/**
 * A comparison as one page of HTML that needs nothing beside it: no address outside, and no script
 * but one that sorts the table. The same comparison gives the same bytes.
 */
final class ComparisonPage {

  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>TITLE</title>
      <style>
      :root { color-scheme: light dark; --page: #fff; --ink: #1c2128; --quiet: #57606a; --line: #d0d7de;
        --all: #0b57d0; --local: #a84b00; --range: #d6e4ff; --bad: #b3261e; --soft: #7d5700; --mark: #b3261e; --here: #fff3c4; }
      @media (prefers-color-scheme: dark) { :root { --page: #14171c; --ink: #e4e7eb; --quiet: #9aa4af; --line: #39424d;
        --all: #8ab4f8; --local: #f2a65a; --range: #24406e; --bad: #ff8a80; --soft: #e3b341; --mark: #ff8a80; --here: #4a3d12; } }
      * { box-sizing: border-box; }
      body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 82rem; padding: 1rem; background: var(--page); color: var(--ink); }
      h1 { font-size: 1.35rem; line-height: 1.3; margin: 0.5rem 0; overflow-wrap: anywhere; }
      h2 { font-size: 1.1rem; margin: 1.6rem 0 0.4rem; }
      p, ol { margin: 0.3rem 0; max-width: 60rem; }
      .quiet { color: var(--quiet); }
      @media (max-width: 64rem) { .wide { overflow-x: auto; } }
      .plot { display: block; width: 100%; min-width: 40rem; height: auto; }
      .plot text { font-size: 12px; fill: var(--quiet); }
      .plot .end { text-anchor: end; } .plot .middle { text-anchor: middle; }
      .plot .turned { transform: rotate(-90deg); transform-box: fill-box; transform-origin: left bottom; }
      .grid path { stroke: var(--line); stroke-width: 1; } .grid .zero { stroke: var(--quiet); }
      .way { fill: none; stroke: var(--all); stroke-width: 1; opacity: 0.45; }
      .all circle, .key .all { fill: var(--all); background: var(--all); }
      .local circle { fill: var(--page); stroke: var(--local); stroke-width: 1.2; }
      .mark path { stroke: var(--mark); stroke-dasharray: 3 3; } .plot .mark text { fill: var(--mark); font-weight: 600; paint-order: stroke; stroke: var(--page); stroke-width: 4px; }
      .key span { display: inline-block; width: 0.7rem; height: 0.7rem; border-radius: 50%; margin: 0 0.3rem 0 0.9rem; }
      .key .hollow { border: 2px solid var(--local); } .key .band { border-radius: 0; background: var(--range); } .key .cut { border-radius: 0; background: var(--bad); }
      table { border-collapse: collapse; width: 100%; }
      th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.6rem; border-bottom: 1px solid var(--line); }
      th { position: sticky; top: 0; background: var(--page); white-space: nowrap; font-weight: 600; }
      th button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; text-decoration: underline dotted; }
      .n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
      td.name { min-width: 12rem; } td.why { min-width: 16rem; }
      code { font: 13px/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
      tr:target { background: var(--here); }
      .bad { color: var(--bad); font-weight: 600; } .soft { color: var(--soft); font-weight: 600; }
      .values { display: block; width: 12rem; height: 2rem; }
      .values .range { fill: var(--range); } .values .in { fill: var(--all); } .values .out { fill: var(--bad); } .values .base { stroke: var(--quiet); }
      a { color: var(--all); } summary { cursor: pointer; }
      </style>
      </head>
      <body>
      """;

  private static final String SCRIPT =
      """
      <script>
      const table = document.getElementById('tensors'), body = table.tBodies[0];
      table.querySelectorAll('th[data-up]').forEach(head => {
        const button = document.createElement('button');
        button.type = 'button';
        button.textContent = head.textContent;
        let up = head.dataset.up === '1';
        button.onclick = () => {
          const cell = row => Number(row.cells[head.cellIndex].dataset.value);
          const way = up ? 1 : -1;
          up = !up;
          [...body.rows].sort((a, b) => way * (cell(a) - cell(b)) || a.dataset.place - b.dataset.place).forEach(row => body.append(row));
        };
        head.replaceChildren(button);
      });
      document.querySelectorAll('circle[data-t]').forEach(point => {
        point.style.cursor = 'pointer';
        point.onclick = () => { location.hash = 't' + point.dataset.t; };
      });
      </script>
      """;

  /** What is wider than a small screen scrolls by itself, also by keys. */
  private static final String WIDE =
      "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"%s\">";

  private static final double BAD = 10;
  private static final double SOFT = 20;
  private static final int MOST_FALLS = 5;

  private final Comparison comparison;
  private final StringBuilder page = new StringBuilder();

  private ComparisonPage(Comparison comparison) {
    this.comparison = comparison;
  }

  /**
   * Returns the page.
   *
   * @param reference what the float model is called
   * @param quantized what the quantized one is called
   */
  static String of(Comparison comparison, String reference, String quantized) {
    ComparisonPage html = new ComparisonPage(comparison);
    html.head(reference, quantized);
    html.plot();
    html.falls();
    html.table();
    html.lacking();
    html.page.append(SCRIPT).append("</body>\n</html>\n");
    return html.page.toString();
  }

  private void head(String reference, String quantized) {
    String title = PageText.escaped(quantized) + " beside " + PageText.escaped(reference);
    page.append(HEAD.replace("TITLE", title)).append("<h1>").append(title).append("</h1>\n");
    page.append("<p class=\"quiet\">").append(comparison.inOrder().size());
    page.append(" tensors, ").append(comparison.samples()).append(" samples, runtime ");
    page.append(PageText.escaped(comparison.runtime())).append("</p>\n");
  }

  private void plot() {
    page.append("<h2>Along the model</h2>\n<p class=\"key\">signal to noise, in decibels:");
    page.append(
        " <span class=\"all\"></span>accumulated, with everything before the tensor quantized too");
    page.append(" <span class=\"hollow\"></span>local, given float values</p>\n");
    page.append(WIDE.formatted("The drawing"));
    page.append(ErrorPlot.of(comparison.inOrder(), comparison.falls())).append("</div>\n");
  }

  private void falls() {
    List<TensorError> falls = comparison.falls();
    if (falls.isEmpty()) {
      return;
    }
    page.append("<h2>Where the error grows most</h2>\n<ol>\n");
    for (TensorError fall : falls.subList(0, Math.min(MOST_FALLS, falls.size()))) {
      page.append("<li><a href=\"#t").append(fall.place()).append("\"><code>");
      page.append(PageText.escaped(fall.tensor())).append("</code></a>, ");
      page.append(PageText.escaped(fall.op())).append(": what it reads has ");
      page.append(fall.reads().words()).append(", what it gives ");
      page.append(fall.accumulated().words()).append("</li>\n");
    }
    page.append("</ol>\n");
  }

  private void table() {
    page.append("<h2>Worst first</h2>\n<p class=\"key quiet\">Values: those of the float model,");
    page.append(" heights by the logarithm of the count;<span class=\"band\"></span>the range");
    page.append(" that is quantized to<span class=\"cut\"></span>clipped</p>\n");
    page.append(WIDE.formatted("The tensors")).append("<table id=\"tensors\">\n<thead><tr>");
    column("", "Tensor");
    column("1", "Place");
    column("1", "SQNR");
    column("1", "Local");
    column("1", "Reads");
    column("0", "Largest error");
    column("0", "Clipped");
    column("1", "Integers");
    column("", "Values");
    page.append("</tr></thead>\n<tbody>\n");
    comparison.worstFirst().forEach(this::row);
    page.append("</tbody>\n</table></div>\n");
  }

  private void column(String up, String title) {
    page.append("<th scope=\"col\"");
    if (!up.isEmpty()) {
      page.append(" class=\"n\" data-up=\"").append(up).append('"');
    }
    page.append('>').append(title).append("</th>");
  }

  private void row(TensorError error) {
    page.append("<tr id=\"t").append(error.place()).append("\" data-place=\"");
    page.append(error.place()).append("\"><td class=\"name\"><code>");
    page.append(PageText.escaped(error.tensor())).append("</code><br><span class=\"quiet\">");
    page.append(PageText.escaped(error.op()));
    error
        .node()
        .ifPresent(node -> page.append(" <code>").append(PageText.escaped(node)).append("</code>"));
    page.append("</span></td>");
    cell(Integer.toString(error.place()), "", Integer.toString(error.place()));
    sqnr(error.accumulated());
    sqnr(error.local());
    cell(PageText.exact(error.reads()), "", error.reads().words());
    cell(Double.toString(error.largestError()), "", PageText.number(error.largestError()));
    clipped(error);
    page.append("<td>");
    error.values().ifPresent(values -> page.append(ValuePlot.of(values, error.range())));
    page.append("</td></tr>\n");
  }

  private void sqnr(Sqnr sqnr) {
    String kind = sqnr.rank() < BAD ? " bad" : sqnr.rank() < SOFT ? " soft" : "";
    cell(PageText.exact(sqnr), kind, sqnr.words());
  }

  private void clipped(TensorError error) {
    if (error.range().isEmpty()) {
      cell("-1", "", "");
      cell("-1", "", "");
      return;
    }
    TensorRange range = error.range().get();
    String kind = range.clippedShare() > ComparisonReport.MOST_CLIPPED ? " soft" : "";
    cell(Double.toString(range.clippedShare()), kind, ComparisonReport.share(range));
    cell(Long.toString(range.used()), "", ComparisonReport.integers(range));
  }

  private void cell(String value, String kind, String content) {
    page.append("<td class=\"n").append(kind).append("\" data-value=\"").append(value);
    page.append("\">").append(content).append("</td>");
  }

  private void lacking() {
    List<UncomparedTensor> lacking = comparison.uncompared();
    if (lacking.isEmpty()) {
      return;
    }
    page.append("<h2>Not compared</h2>\n<details><summary>").append(lacking.size());
    page.append(" tensors of the float model</summary>\n<div class=\"wide\"><table>\n<thead><tr>");
    page.append("<th scope=\"col\">Tensor</th><th scope=\"col\">Why</th></tr></thead>\n<tbody>\n");
    for (UncomparedTensor each : lacking) {
      page.append("<tr><td class=\"name\"><code>").append(PageText.escaped(each.tensor()));
      page.append("</code><br><span class=\"quiet\">of <code>");
      page.append(PageText.escaped(each.node())).append("</code></span></td><td class=\"why\">");
      page.append(PageText.escaped(each.reason())).append("</td></tr>\n");
    }
    page.append("</tbody>\n</table></div></details>\n");
  }
}
