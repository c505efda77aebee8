package dev.octet.workflow;

import dev.octet.api.error.ErrorId;
import dev.octet.api.quantizer.FindingId;

/** Errors and findings of planning a model with a backend. */
final class WorkflowErrors {

  static final ErrorId UNKNOWN_MODULE_NODE =
      ErrorId.usage(
          "OCT-POL-005",
          "The map of modules names a node that the model does not have.",
          "Correct the name; octet inspect lists the nodes of a model.");

  static final FindingId NOT_RUN =
      FindingId.warning(
          "OCT-PLAN-010",
          "The model has a node that Octet's kernels cannot run.",
          "Calibrate, quantize and run it on another runtime with --runtime NAME, or replace the"
              + " operator.");

  static final FindingId NOTHING_QUANTIZED =
      FindingId.warning(
          "OCT-PLAN-014",
          "The backend quantizes no node of the model.",
          "Read the reasons in the plan; choose another backend or other options.");

  static final FindingId NOT_CONVERTED =
      FindingId.warning(
          "OCT-PLAN-101",
          "The plan is whole, but no conversion serves one of its points.",
          "Use the plan and its decisions as they are, or plan with other options.");

  static final FindingId NARROW_CONSTANT =
      FindingId.warning(
          "OCT-PLAN-103",
          "A constant is to be a narrower float, which has no room for its elements.",
          "Keep the operand in float, or scale the constant before the model is quantized.");

  static final ErrorId REFUSED =
      ErrorId.quantization(
          "OCT-PLAN-015",
          "The backend refuses the model.",
          "Change the options, or exclude the node.");

  static final ErrorId OFF_GRID =
      ErrorId.quantization(
          "OCT-PLAN-026",
          "A fixed scale takes the place of an observed one and is not on its scale grid.",
          "Report it to the backend's vendor: the scale must lie on the grid that the scheme"
              + " demands.");

  static final ErrorId UNPLANNABLE_MARK =
      ErrorId.quantization(
          "OCT-PLAN-027",
          "A backend marks a point in a way that no mode can convert.",
          "Exclude the node, input or output, choose other options, or correct the backend's"
              + " rule.");

  static final ErrorId NOT_WRITTEN =
      ErrorId.backend(
          "OCT-FMT-008",
          "A model format says that it wrote a model, and there is no file.",
          "Report it to the vendor of the format.");

  static final ErrorId NOT_TOGETHER =
      ErrorId.usage(
          "OCT-CAL-030",
          "Plans cannot be calibrated in one pass.",
          "Give plans of one model and one backend; calibrate the others by themselves.");

  private WorkflowErrors() {}
}
