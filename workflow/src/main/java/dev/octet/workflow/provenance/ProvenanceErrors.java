package dev.octet.workflow.provenance;

import dev.octet.api.error.ErrorId;
import dev.octet.api.quantizer.FindingId;

/** Errors and findings of which build of a backend made a file. */
final class ProvenanceErrors {

  static final ErrorId OTHER_JAR =
      ErrorId.backend(
          "OCT-PROV-001",
          "A plan or calibration was made with another jar of a vendor's backend.",
          "Use the jar that made it, or make it again with this one; --allow-other-provider, or"
              + " Plan.allowingOtherProvider, goes on with this one.");

  static final FindingId OTHER_ACCEPTED =
      FindingId.warning(
          "OCT-PROV-101",
          "A plan or calibration was made with another jar of a vendor's backend, and the caller"
              + " asked to go on.",
          "Compare the result with the float model.");

  static final FindingId OTHER_VERSION =
      FindingId.info(
          "OCT-PROV-102",
          "A plan or calibration was made with another version of the backend.",
          "Make it again where the versions decide differently.");

  static final FindingId NOT_RECORDED =
      FindingId.info(
          "OCT-PROV-103",
          "A plan or calibration does not say which jar of a vendor's backend made it.",
          "Make it again to have it recorded.");

  private ProvenanceErrors() {}
}
