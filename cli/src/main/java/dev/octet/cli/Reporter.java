package dev.octet.cli;

import dev.octet.api.quantizer.Finding;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.report.Report;
import dev.octet.workflow.text.JsonText;
import jakarta.inject.Inject;
import java.util.Locale;

/** Prints reports. */
final class Reporter {

  private final Terminal terminal;

  @Inject
  Reporter(Terminal terminal) {
    this.terminal = terminal;
  }

  /**
   * Prints what a command has to say: findings on standard error, and on standard output either the
   * JSON document or the text.
   *
   * @return the exit code for success
   */
  int print(Report report, CommonOptions options) {
    for (Finding finding : report.findings()) {
      String node = finding.node().map(name -> " (node '" + name + "')").orElse("");
      String severity = finding.severity().name().toLowerCase(Locale.ROOT);
      terminal
          .err()
          .println("octet: " + severity + " " + finding.id() + node + ": " + finding.message());
    }
    if (options.json()) {
      terminal.out().print(JsonText.write(report.json(true)));
    } else {
      // A stream that flushes at every line would write each by itself.
      StringBuilder text = new StringBuilder();
      report
          .lines(terminal.width())
          .forEach(line -> text.append(line).append(System.lineSeparator()));
      terminal.out().print(text);
    }
    terminal.out().flush();
    return 0;
  }

  /**
   * Prints a document that is the same for programs and for people, on standard output.
   *
   * @return the exit code for success
   */
  int print(Tree document) {
    terminal.out().print(JsonText.write(document));
    terminal.out().flush();
    return 0;
  }

  /** Prints a message that is no result. */
  void note(String message) {
    terminal.err().println("octet: " + message);
  }

  /** Starts to show the progress of some work on samples. */
  ProgressLine progress(String work) {
    return new ProgressLine(terminal, work, System::nanoTime);
  }
}
