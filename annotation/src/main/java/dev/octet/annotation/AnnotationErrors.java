package dev.octet.annotation;

import dev.octet.api.error.ErrorId;

/** Errors of marking a graph and of composing quantizers. */
final class AnnotationErrors {

  static final ErrorId OWNED_NODE =
      ErrorId.quantization(
          "OCT-ANN-001",
          "A rule claims a node that another rule owns.",
          "Ask isFree before a match is claimed.");

  static final ErrorId FOREIGN_NODE =
      ErrorId.quantization(
          "OCT-ANN-002",
          "A node is not of the graph that is annotated.",
          "Use the nodes of the graph that annotate was given.");

  static final ErrorId UNCLAIMED_NODE =
      ErrorId.quantization(
          "OCT-ANN-003",
          "A point is marked before its node is claimed.",
          "Claim the node before its points are marked.");

  static final ErrorId MARKED_TWICE =
      ErrorId.quantization(
          "OCT-ANN-004", "A point is marked with two specs.", "Mark each point once.");

  static final ErrorId NO_GROUP =
      ErrorId.quantization(
          "OCT-ANN-005",
          "A quantizer replaces the spec of a group that does not exist.",
          "Use the number of a group of the observer plan.");

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

  static final ErrorId OTHER_KIND =
      ErrorId.quantization(
          "OCT-ANN-008",
          "A quantizer replaces the spec of a group by one of a kind that groups do not take.",
          "Replace a group's spec by an observed or a fixed one.");

  static final ErrorId CLAIMED_BY_SEVERAL =
      ErrorId.quantization(
          "OCT-ANN-011",
          "Several quantizers claim one node.",
          "Exclude the node from all of them but one.");

  static final ErrorId REPLACED_DIFFERENTLY =
      ErrorId.quantization(
          "OCT-ANN-012",
          "Two quantizers replace the spec of one group differently.",
          "Let one of the two replace it, or both by the same spec.");

  private AnnotationErrors() {}
}
