package dev.octet.api.quantizer;

import dev.octet.api.error.ErrorId;

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
          "A rule claims a node that the policy excludes.",
          "Ask isFree before a match is claimed.");

  static final ErrorId NO_POINT =
      ErrorId.quantization(
          "OCT-ANN-007",
          "A mark is for an operand or a result that its node does not have.",
          "Mark operands and results that the node has.");

  private MarkErrors() {}
}
