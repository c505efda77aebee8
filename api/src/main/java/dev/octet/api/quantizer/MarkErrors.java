package dev.octet.api.quantizer;

import dev.octet.api.error.ErrorId;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Point;
import dev.octet.api.spec.QuantizationSpec;
import java.util.List;

/** Errors of marking a graph. */
final class MarkErrors {

  static final ErrorId OWNED_NODE =
      ErrorId.quantization(
          "OCT-ANN-001",
          "A rule claims a node that another rule owns.",
          "Ask isFree before a match is claimed.");

  static final ErrorId FOREIGN_NODE =
      ErrorId.quantization(
          "OCT-ANN-002",
          "A node is not of the graph that is annotated.",
          "Use the nodes of the context that annotate was given.");

  static final ErrorId UNCLAIMED_NODE =
      ErrorId.quantization(
          "OCT-ANN-003",
          "A point is marked before its node is claimed.",
          "Claim the node before its points are marked.");

  static final ErrorId MARKED_TWICE =
      ErrorId.quantization(
          "OCT-ANN-004", "A point is marked with two specs.", "Mark each point once.");

  static final ErrorId EXCLUDED_NODE =
      ErrorId.quantization(
          "OCT-ANN-006",
          "A rule claims a node, or marks an input or output, that the policy excludes.",
          "Ask isFree before a match is claimed.");

  static final ErrorId NO_POINT =
      ErrorId.quantization(
          "OCT-ANN-007",
          "A mark is for an operand or a result that its node does not have, or for an input or"
              + " output that the graph does not have.",
          "Mark operands and results that the node has, and inputs and outputs of the graph.");

  static final ErrorId NO_NEIGHBOUR =
      ErrorId.usage(
          "OCT-ANN-009",
          "An input or output is to become integers, and no quantized point reads or defines it.",
          "Narrow the pattern, or let the nodes there be quantized.");

  private MarkErrors() {}

  /** Says that a point has a mark. */
  static OctetException markedTwice(Point point, QuantizationSpec earlier, QuantizationSpec now) {
    String again = earlier.equals(now) ? "the same again" : now.toString();
    return MARKED_TWICE
        .error(point + " is marked already, as " + earlier + ", and now as " + again)
        .build();
  }

  /** Says that the caller's policy is against what a quantizer does, in words. */
  static OctetException excluded(String what, String decidedBy) {
    return EXCLUDED_NODE.error(what + " is excluded by " + decidedBy).build();
  }

  /** Says that there is no such point. */
  static OctetException noPoint(Point point, List<String> candidates) {
    return NO_POINT.error("there is no " + point).candidates(candidates).build();
  }
}
