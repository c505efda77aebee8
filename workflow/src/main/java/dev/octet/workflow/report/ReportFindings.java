package dev.octet.workflow.report;

import dev.octet.api.quantizer.FindingId;

/** Findings about reports. */
final class ReportFindings {

  static final FindingId NOT_FOUND =
      FindingId.warning(
          "OCT-CLI-105",
          "A finding is accepted that is not there.",
          "Leave the id out where it is accepted.");

  private ReportFindings() {}
}
