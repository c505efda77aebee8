package dev.octet.kernels.execute;

import dev.octet.api.error.ErrorId;

/** Errors of running a graph on Octet's kernels. */
final class ExecutionErrors {

  static final ErrorId SHAPES_DO_NOT_FIT =
      ErrorId.input(
          "OCT-GRAPH-002",
          "The shapes of a node's operands, or its attributes, do not fit its operator.",
          "Check the shapes of the inputs, and that the model is valid ONNX.");

  static final ErrorId UNKNOWN_SHAPE =
      ErrorId.input(
          "OCT-GRAPH-003",
          "The shape of a node's result cannot be told before it runs.",
          "Replace operands that decide shapes by constants.");

  static final ErrorId NOT_OBSERVABLE =
      ErrorId.usage(
          "OCT-RUN-004",
          "A value that is to be observed cannot be.",
          "Observe FLOAT inputs and results of nodes.");

  static final ErrorId REFUSED_VALUES =
      ErrorId.input(
          "OCT-RUN-005",
          "A node refuses the values of its operands.",
          "Check the input data, and that the model is valid ONNX.");

  static final ErrorId OTHER_SIGNATURE =
      ErrorId.input(
          "OCT-GRAPH-005",
          "A node has operands or attributes that its operator does not have.",
          "Check the model with onnx.checker, and export it again.");

  static final ErrorId FAILED_NODE =
      ErrorId.input(
          "OCT-GRAPH-006",
          "A node cannot be computed on its operands, which its operator may not allow.",
          "Check the model with onnx.checker and full_check; if it is valid, run the command again"
              + " with --verbose and report what it prints.");

  static final ErrorId TOO_LARGE =
      ErrorId.input(
          "OCT-GRAPH-007",
          "An input or a result of a node is larger than an array, or the work of a node takes more"
              + " than the memory.",
          "Check what decides its size, and give fewer samples at once; more memory is allowed by"
              + " OCTET_OPTS=-Xmx8g, for example.");

  static final ErrorId OTHER_OUTPUT =
      ErrorId.input(
          "OCT-GRAPH-008",
          "An output of the model is of another type or shape than the model states.",
          "Check the model with onnx.checker and full_check, and export it again.");

  private ExecutionErrors() {}
}
