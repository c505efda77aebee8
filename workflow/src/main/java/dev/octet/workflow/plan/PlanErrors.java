package dev.octet.workflow.plan;

import dev.octet.api.error.ErrorId;

/** Errors of plans and of binding them to their models. */
final class PlanErrors {

  static final ErrorId NO_PLAN =
      ErrorId.input("OCT-PLAN-001", "A file is no plan.", "Give a file that octet plan wrote.");

  static final ErrorId OTHER_MODEL =
      ErrorId.input(
          "OCT-PLAN-002",
          "The plan is for another model.",
          "Give the model that was planned, or plan this one.");

  static final ErrorId UNKNOWN_NODE =
      ErrorId.input(
          "OCT-PLAN-003",
          "The plan names a node that the model does not have.",
          "Correct the name.");

  static final ErrorId NO_POINT =
      ErrorId.input(
          "OCT-PLAN-004",
          "The plan names an operand or a result that its node does not have.",
          "Use an index that the node has, from 0.");

  static final ErrorId SPEC_OF_GROUP =
      ErrorId.input(
          "OCT-PLAN-005",
          "The spec of a point is another one than that of its group.",
          "Change the spec of the group and of all its points alike.");

  static final ErrorId SHARED_ACROSS_GROUPS =
      ErrorId.input(
          "OCT-PLAN-006",
          "Two points share parameters and are in different groups.",
          "Put both points into one group.");

  static final ErrorId DERIVED_FROM_FLOAT =
      ErrorId.input(
          "OCT-PLAN-007",
          "A point is derived from one that is not quantized.",
          "Keep both nodes in float, or keep both quantized.");

  static final ErrorId NO_GROUP =
      ErrorId.input(
          "OCT-PLAN-008",
          "A point is in a group that the plan does not list.",
          "List the group with its spec.");

  static final ErrorId PREPARED_DIFFERENTLY =
      ErrorId.input(
          "OCT-PLAN-011",
          "The model is the one that was planned, and it is prepared differently here.",
          "Use the release of Octet and of the backend that planned it, or plan again.");

  static final ErrorId UNWRITABLE =
      ErrorId.input(
          "OCT-PLAN-012",
          "The plan cannot be written.",
          "Name a file in a folder that exists and can be written to.");

  static final ErrorId INTERFACE_CHANGED =
      ErrorId.quantization(
          "OCT-PLAN-013",
          "The backend's rewriting changes the inputs or outputs of the model.",
          "Report this to the backend's vendor.");

  private PlanErrors() {}
}
