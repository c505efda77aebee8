package dev.octet.cli;

import static java.util.stream.Collectors.joining;

import dev.octet.api.error.OctetException;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.execution.Progress;
import dev.octet.workflow.report.Report;
import dev.octet.workflow.text.JsonText;
import dev.octet.workflow.text.ShownText;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Prints reports. */
final class Reporter {

  /** The exit code that says that something does not hold what was required of it. */
  static final int REQUIREMENT_FAILED = 1;

  private static final int MOST_ALIKE = 5;
  private static final Pattern NAMES = Pattern.compile("'[^']*'");

  private final Terminal terminal;
  private final Stopwatch stopwatch = new Stopwatch(System::nanoTime);

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
    return print(report, options, new FindingOptions());
  }

  /**
   * Prints what a command has to say, as {@link #print(Report, CommonOptions)}.
   *
   * @param options what becomes of findings; those that are accepted are taken as read
   * @return the exit code: for success, or that a finding fails the command
   */
  int print(Report report, CommonOptions common, FindingOptions options) {
    return print(report, common, options, List.of());
  }

  /**
   * Prints what a command has to say, as {@link #print(Report, CommonOptions, FindingOptions)}; on
   * standard error, where a text of the command takes standard output.
   *
   * @param texts where texts of the command go
   */
  int print(Report report, CommonOptions common, FindingOptions options, List<Path> texts) {
    options.accept(report);
    printFindings(report, options);
    List<Finding> failing = options.failing(report);
    if (!failing.isEmpty()) {
      note("findings fail the command: " + words(failing));
    }
    boolean taken = texts.stream().anyMatch(Outputs::isStandard);
    printResult(report, common, options.quiet(), taken ? terminal.err() : terminal.out());
    return failing.isEmpty() ? 0 : REQUIREMENT_FAILED;
  }

  /** Of findings that say the same of many nodes the first are printed, and how many there are. */
  private void printFindings(Report report, FindingOptions options) {
    Map<String, Integer> alike = new LinkedHashMap<>();
    for (Finding finding : report.findings()) {
      if (!options.quiet() || finding.severity() != Finding.Severity.INFO) {
        int before = alike.merge(kind(finding), 1, Integer::sum) - 1;
        if (before < MOST_ALIKE || report.listsAll()) {
          print(finding, report.isAccepted(finding));
        }
      }
    }
    alike.forEach(
        (kind, count) -> {
          if (count > MOST_ALIKE && !report.listsAll()) {
            String id = kind.substring(0, kind.indexOf(' '));
            note((count - MOST_ALIKE) + " more of " + id + " say the same of other nodes");
          }
        });
  }

  private static String kind(Finding finding) {
    return finding.id() + " " + NAMES.matcher(finding.message()).replaceAll("''");
  }

  /** Returns the ids of some findings, each once. */
  static String words(List<Finding> findings) {
    return findings.stream().map(Finding::id).distinct().collect(joining(", "));
  }

  private void print(Finding finding, boolean accepted) {
    String node = finding.node().map(name -> " (node '" + name + "')").orElse("");
    String severity = finding.severity().name().toLowerCase(Locale.ROOT);
    String read = accepted ? "accepted " : "";
    note(read + severity + " " + finding.id() + node + ": " + finding.message());
  }

  private void printResult(Report report, CommonOptions common, boolean quiet, PrintStream lines) {
    if (common.json()) {
      report.field("seconds", stopwatch.seconds());
      terminal.out().print(JsonText.write(report.json(true)));
    } else if (!quiet) {
      // A stream that flushes at every line would write each by itself.
      StringBuilder text = new StringBuilder();
      report
          .lines(terminal.width())
          .forEach(line -> text.append(line).append(System.lineSeparator()));
      lines.print(text);
    }
    terminal.out().flush();
  }

  /** Writes a text to a stream. */
  @FunctionalInterface
  interface Writer {
    void write(OutputStream out) throws IOException;
  }

  /**
   * Writes a text to standard output.
   *
   * @throws OctetException {@code OCT-CLI-002} if it cannot be written
   */
  void write(Writer text) {
    try {
      text.write(terminal.out());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // A print stream throws nothing.
    if (terminal.out().checkError()) {
      throw Outputs.unwrittenAnswer();
    }
  }

  /**
   * Writes a text to a file, as a whole or not at all, or to standard output.
   *
   * @throws OctetException {@code OCT-CLI-002} if it cannot be written
   */
  void write(Path target, byte[] text) {
    if (Outputs.isStandard(target)) {
      write(out -> out.write(text));
    } else {
      Outputs.write(target, text);
    }
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

  /** Prints a message that is no result, in one line. */
  void note(String message) {
    terminal.err().println("octet: " + ShownText.line(message));
  }

  /** Starts to time and to show the progress of some work on samples. */
  Progress progress(String work) {
    return stopwatch.timed(work, new ProgressLine(terminal, work, System::nanoTime));
  }

  /**
   * Starts to time the progress of some work on samples, and to show it unless it is to be quiet.
   */
  Progress progress(String work, FindingOptions options) {
    return options.quiet() ? stopwatch.timed(work, Progress.none()) : progress(work);
  }
}
