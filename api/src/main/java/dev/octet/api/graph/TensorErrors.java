package dev.octet.api.graph;

import dev.octet.api.error.ErrorId;
import dev.octet.api.error.OctetException;

/** Errors of tensors. */
final class TensorErrors {

  private static final ErrorId TOO_LARGE =
      ErrorId.input(
          "OCT-GRAPH-004",
          "A tensor is too large for a step that needs it in one array.",
          "Split the tensor: one array has at most 2^31 - 1 elements or bytes.");

  private TensorErrors() {}

  static OctetException tooLarge(Tensor tensor, String what) {
    return TOO_LARGE.error(tensor + " has " + what + ", too many for one array").build();
  }
}
