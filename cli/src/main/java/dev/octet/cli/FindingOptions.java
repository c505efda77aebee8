package dev.octet.cli;

import dev.octet.api.quantizer.Finding;
import dev.octet.workflow.report.Report;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of what becomes of findings: which are taken as read, and which fail the command. */
final class FindingOptions {

  @Option(
      names = "--accept",
      paramLabel = "ID",
      description =
          "Take findings with this id as read; may be repeated. An id of which there is no finding"
              + " is a finding.")
  private List<String> accepted = List.of();

  @Option(
      names = "--fail-on",
      paramLabel = "SEVERITY",
      description =
          "End with exit code 1 when there is a finding at least this grave that is not accepted:"
              + " info, warning or error.")
  private Optional<Finding.Severity> failOn = Optional.empty();

  @Option(
      names = {"-q", "--quiet"},
      description =
          "Print no progress, no text and no findings of severity info; what --json prints stays.")
  private boolean quiet;

  boolean quiet() {
    return quiet;
  }

  /** Takes the findings of a report as read that are accepted. */
  void accept(Report report) {
    report.accept(accepted);
  }

  /** Tells whether findings are looked at for the exit code. */
  boolean failsOnFindings() {
    return failOn.isPresent();
  }

  /** Returns the findings of a report that fail the command. */
  List<Finding> failing(Report report) {
    return failOn.map(report::open).orElse(List.of());
  }
}
