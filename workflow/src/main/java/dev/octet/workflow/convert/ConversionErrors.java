package dev.octet.workflow.convert;

import dev.octet.api.error.ErrorId;
import dev.octet.api.quantizer.FindingId;

/** Errors and findings of converting a model. */
final class ConversionErrors {

  static final ErrorId NOT_STATIC =
      ErrorId.quantization(
          "OCT-CONV-001",
          "The plan has a point whose parameters are found in training.",
          "Use the plan and its decisions as they are, or plan with options of another mode.");

  static final ErrorId UNEQUAL_CONSTANTS =
      ErrorId.quantization(
          "OCT-CONV-002",
          "Constants of one group need different numbers of scales.",
          "Quantize the constants in groups of their own.");

  static final ErrorId NOT_FINITE =
      ErrorId.quantization(
          "OCT-CONV-003",
          "A constant holds NaN or an infinity.",
          "Exclude the nodes that read it, or mend the model.");

  static final ErrorId NO_FORM =
      ErrorId.quantization(
          "OCT-CONV-004",
          "A granularity has no form in ONNX.",
          "Quantize it per tensor, per channel, or, for a constant, per group.");

  static final ErrorId NO_SCALE =
      ErrorId.quantization(
          "OCT-CONV-005",
          "A derived spec needs a scale that there is not.",
          "Exclude the node from quantization.");

  static final ErrorId NOT_OBSERVED =
      ErrorId.quantization(
          "OCT-CONV-006",
          "The calibration does not cover a group of the plan.",
          "Calibrate again with this plan, alone or with the others that are to share a"
              + " calibration: octet calibrate MODEL --plan PLAN [--plan PLAN] --data DATA -o"
              + " CALIBRATION.");

  static final ErrorId NARROW_RANGE =
      ErrorId.quantization(
          "OCT-CONV-007",
          "A computed value is to use a part of its storage with a scale for each channel.",
          "Use the whole range, or one scale; constants may use less.");

  static final ErrorId NOTHING_QUANTIZED =
      ErrorId.quantization(
          "OCT-CONV-008",
          "The plan quantizes no node of the model.",
          "Where a reason names an option or an exclusion, change that; else choose another"
              + " backend, as 'octet backends' lists them, or keep the float model, which runs as"
              + " it is.");

  static final ErrorId SOURCES_DIFFER =
      ErrorId.quantization(
          "OCT-CONV-009",
          "The sources of a derived spec have different numbers of channels.",
          "Exclude the node from quantization, or correct the granularities in the plan.");

  static final ErrorId COMPUTED_INT32 =
      ErrorId.quantization(
          "OCT-CONV-010",
          "A computed value is to be int32 or int64, which ONNX QuantizeLinear does not produce.",
          "Keep the point in float in the plan; only constants can be int32 or int64.");

  static final ErrorId CONSTANT_TYPE =
      ErrorId.quantization(
          "OCT-CONV-011",
          "A constant that is to be quantized is not FLOAT.",
          "Exclude the nodes that read it from quantization.");

  static final ErrorId UNFIT_GRANULARITY =
      ErrorId.quantization(
          "OCT-CONV-012",
          "A granularity does not fit the shape of its constant.",
          "Correct the granularity in the plan, or exclude the nodes that read it.");

  static final ErrorId DERIVED_CHANNELS =
      ErrorId.quantization(
          "OCT-CONV-014",
          "The parameters of a derived constant have another number of channels than the constant.",
          "Exclude the node, or correct the granularity of its weight in the plan.");

  static final ErrorId DERIVED_ZERO_POINT =
      ErrorId.quantization(
          "OCT-CONV-016",
          "A derivation gives a zero point that its type has no room for, or other than 0 for 32 or"
              + " 64 bits.",
          "Report it to the vendor of the backend that brings the derivation.");

  static final ErrorId VALUE_TYPE =
      ErrorId.quantization(
          "OCT-CONV-015",
          "A computed value that is to be quantized is not FLOAT.",
          "Exclude the nodes that compute and read it from quantization.");

  static final ErrorId NOT_CONSTANT =
      ErrorId.quantization(
          "OCT-CONV-018",
          "A point is quantized as a weight only, and its value is no constant.",
          "Let the rule ask for a constant operand, or make the point dynamic or static.");

  static final ErrorId DYNAMIC_FORM =
      ErrorId.quantization(
          "OCT-CONV-019",
          "A point whose parameters are found while the model runs asks for what the model cannot"
              + " compute.",
          "Make it per tensor or per token, watched by min-max, on no grid, of at most 16 bits, in"
              + " a group of its own, and derive nothing from it; or make it static.");

  static final ErrorId NO_CALIBRATION =
      ErrorId.quantization(
          "OCT-CONV-020",
          "The plan has groups whose parameters calibration finds, and there is no calibration.",
          "Calibrate with this plan, and give the calibration.");

  static final ErrorId NO_GROUP =
      ErrorId.backend(
          "OCT-CONV-021",
          "A quantizer adjusts the parameters of a group that does not exist.",
          "Use the number of a group of the parameter plan.");

  static final ErrorId NOT_ADJUSTABLE =
      ErrorId.backend(
          "OCT-CONV-022",
          "A quantizer adjusts the parameters of a group that neither calibration nor a constant"
              + " gave.",
          "Set the groups of the parameter plan that are adjustable.");

  static final ErrorId UNFIT_PARAMETERS =
      ErrorId.backend(
          "OCT-CONV-023",
          "A quantizer sets parameters that the type, the scheme or the grid of a group has no room"
              + " for.",
          "Set as many pairs as the group has, zero points of its type, and scales of its grid.");

  static final FindingId ADJUSTED =
      FindingId.info(
          "OCT-CONV-104",
          "A backend adjusted the parameters that calibration gave a group.",
          "Look at the backend's page for why.");

  static final ErrorId BOUNDARY_FORM =
      ErrorId.quantization(
          "OCT-CONV-024",
          "An input or output of the model is to be integers of a spec that it cannot have.",
          "Give it a static or fixed spec with one scale, or keep it in float in the plan.");

  static final ErrorId NARROW_FLOAT =
      ErrorId.quantization(
          "OCT-CONV-025",
          "The plan has a point of a narrow float type that is not converted.",
          "Use the plan and its decisions as they are, or plan with float16.");

  static final ErrorId REFUSED_CLIP =
      ErrorId.quantization(
          "OCT-CONV-026",
          "A constant would leave the integers that it is to be stored as, which its derivation"
              + " refuses.",
          "Exclude the node from quantization, or give the backend a wider type for the constant.");

  static final ErrorId REFUSED_SCALE =
      ErrorId.quantization(
          "OCT-CONV-027",
          "A derived scale is not of the grid that its derivation asks for, which refuses that.",
          "Exclude the node from quantization, or report it to the vendor of the backend.");

  static final FindingId LARGE_BIAS =
      FindingId.warning(
          "OCT-CONV-101",
          "A bias would leave its integer type, so the weights of its channels have a larger scale"
              + " than their range asks for.",
          "Compare the accuracy with the float model; exclude the node if it is too low.");

  static final FindingId BELOW_FLOOR =
      FindingId.warning(
          "OCT-CONV-108",
          "The ranges of groups are smaller than the least scale of the backend can tell apart.",
          "Leave the nodes float, bring the values to another scale in the model, or choose a"
              + " backend with a smaller least scale.");

  static final FindingId CLIPPED_CONSTANT =
      FindingId.warning(
          "OCT-CONV-109",
          "A constant leaves the integers that it is stored as, and is clipped: its scale is"
              + " derived, fixed, or set by the backend.",
          "Compare the accuracy with the float model; exclude the node if it is too low.");

  static final FindingId OFF_GRID =
      FindingId.warning(
          "OCT-CONV-110",
          "A derived scale is not of the grid that its derivation asks for.",
          "Compare the accuracy on the hardware; exclude the node, or report it to the vendor of"
              + " the backend.");

  static final FindingId FIXED_GRID =
      FindingId.warning(
          "OCT-CONV-111",
          "Fixed grids of the backend do not fit the values that calibration saw: these leave the"
              + " grid, or use less than a tenth of its steps.",
          "Keep the nodes that give these values in float, or choose a backend or an option with"
              + " more bits for them.");

  static final FindingId NOT_NEEDED =
      FindingId.info(
          "OCT-CONV-103",
          "A calibration was made for a plan of which nothing is calibrated.",
          "Leave the data and the calibration out.");

  static final FindingId LOGITS_CUT =
      FindingId.info(
          "OCT-CONV-106",
          "A range of logits ends where a Softmax cannot tell them from nothing.",
          "Nothing; the calibration shows how many elements lie lower.");

  static final FindingId MASKED_LOGITS =
      FindingId.warning(
          "OCT-CONV-107",
          "The numbers of a mask take the range of logits, or have a weight beside them.",
          "Exclude the node, or add a mask of smaller numbers; the backends cpu and onnxruntime cut"
              + " such ranges.");

  static final FindingId NOT_CHECKED =
      FindingId.info(
          "OCT-CONV-105",
          "A backend names another one whose runtime runs its files, and which is not here to check"
              + " them.",
          "Add the jar of the other backend to have its checks; report a name that no backend has"
              + " to the vendor.");

  private ConversionErrors() {}
}
