package dev.octet.workflow.plan;

import dev.octet.api.error.ErrorId;
import dev.octet.api.error.OctetException;
import dev.octet.api.quantizer.FindingId;
import dev.octet.workflow.provenance.OctetBuild;

/** Errors and findings of plans and of binding them to their models. */
final class PlanErrors {

  static final FindingId KEPT_OPERAND =
      FindingId.info(
          "OCT-PLAN-102",
          "An operand that is to stay float reads a value that is quantized where it is defined.",
          "Keep the result that defines the value in float as well, if the integers are too"
              + " coarse.");

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
          "The plan names an operand or a result that its node does not have, or an input or output"
              + " that the model does not have.",
          "Use an index that the node has, from 0, or a name that the model has.");

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
          "Use the release of Octet and of the backend that planned it, which the plan names, or"
              + " plan again.");

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

  static final ErrorId FINDING_NODE =
      ErrorId.backend(
          "OCT-PLAN-028",
          "A finding of a backend is about a node that does not exist.",
          "Report it to the backend's vendor: a finding names a node of the graph that it is given,"
              + " or none.");

  static final ErrorId OTHER_VERSION =
      ErrorId.input(
          "OCT-PLAN-016",
          "The plan has a format version that this release does not read.",
          "Use the release of Octet that wrote it, or plan again.");

  static final ErrorId BEFORE =
      ErrorId.input(
          "OCT-PLAN-029",
          "The plan was written before " + OctetBuild.FILES_SINCE + ".",
          "Plan again with this release.");

  static final ErrorId NODE_TWICE =
      ErrorId.input("OCT-PLAN-017", "The plan lists a node twice.", "Remove one of the two.");

  static final ErrorId MISSING_NODE =
      ErrorId.input(
          "OCT-PLAN-018",
          "The plan does not list a node of the model.",
          "Put the node back; set quantized to false to keep it in float.");

  static final ErrorId OTHER_OPERATOR =
      ErrorId.input(
          "OCT-PLAN-019",
          "The plan names another operator than the node has.",
          "Write the operator that the node has.");

  static final ErrorId FOLDED_NODE =
      ErrorId.input(
          "OCT-PLAN-020",
          "The plan gives points to a node that is folded away.",
          "Remove its operands and results.");

  static final ErrorId POINT_TWICE =
      ErrorId.input("OCT-PLAN-021", "The plan lists a point twice.", "Remove one of the two.");

  static final ErrorId OTHER_TENSOR =
      ErrorId.input(
          "OCT-PLAN-022",
          "The plan names another tensor than the point has.",
          "Write the tensor that the point has.");

  static final ErrorId SHARED_WITH_NOTHING =
      ErrorId.input(
          "OCT-PLAN-023",
          "A point shares the parameters of a point that the model does not have.",
          "Name a point of the model.");

  static final ErrorId DERIVED_IN_A_CIRCLE =
      ErrorId.input(
          "OCT-PLAN-024",
          "Derived groups depend on each other.",
          "Give one of them a spec that is not derived.");

  static final ErrorId GROUP_TWICE =
      ErrorId.input("OCT-PLAN-025", "The plan lists a group twice.", "Remove one of the two.");

  private PlanErrors() {}

  static OctetException.Builder noPoint(String fact, String place) {
    return NO_POINT.error(fact).at(place);
  }

  static OctetException pointTwice(String where, String place) {
    return POINT_TWICE.error(where + " is listed twice").at(place).build();
  }

  static OctetException.Builder noGroup(String group, String place) {
    return NO_GROUP.error("group '" + group + "' is not in groups").at(place);
  }
}
