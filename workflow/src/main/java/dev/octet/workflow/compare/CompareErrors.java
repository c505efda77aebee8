package dev.octet.workflow.compare;

import dev.octet.api.error.ErrorId;
import dev.octet.api.quantizer.FindingId;

/** Errors and findings of comparing the tensors of two models. */
final class CompareErrors {

  static final ErrorId OTHER_INPUTS =
      ErrorId.input(
          "OCT-CMP-001",
          "A quantized model has other inputs than the float model.",
          "Compare a model with the one that it was made from.");

  static final ErrorId NOTHING_IN_COMMON =
      ErrorId.input(
          "OCT-CMP-002",
          "No tensor of a quantized model has the name of one of the float model, nor has a node.",
          "Compare a model with the one that it was made from; 'octet evaluate' compares outputs.");

  static final ErrorId OTHER_SIZE =
      ErrorId.input(
          "OCT-CMP-003",
          "A tensor of a quantized model has another number of elements than that of the float"
              + " model of its name.",
          "Compare a model with the one that it was made from.");

  static final ErrorId NO_ROWS =
      ErrorId.usage(
          "OCT-CMP-004", "A table of tensors is to have none.", "Give at least 1, or ask for all.");

  static final FindingId CLIPPED =
      FindingId.warning(
          "OCT-CMP-101",
          "More than 1 % of the values of a tensor lie outside of the range that it is quantized"
              + " to.",
          "Calibrate with data like this, or leave the tensor float.");

  private CompareErrors() {}
}
