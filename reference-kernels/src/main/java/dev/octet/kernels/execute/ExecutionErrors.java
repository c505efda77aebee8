package dev.octet.kernels.execute;

import dev.octet.api.error.ErrorId;

/** Errors of running a graph on Octet's kernels. */
final class ExecutionErrors {

  static final ErrorId SHAPES_DO_NOT_FIT =
      ErrorId.backend(
          "OCT-GRAPH-002",
          "The shapes of a node's operands do not fit its operator.",
          "Check the shapes of the inputs, and that the model is valid ONNX.");

  static final ErrorId UNKNOWN_SHAPE =
      ErrorId.backend(
          "OCT-GRAPH-003",
          "The shape of a node's result cannot be told before it runs.",
          "Replace operands that decide shapes by constants.");

  static final ErrorId NOT_OBSERVABLE =
      ErrorId.usage(
          "OCT-RUN-004",
          "A value that is to be observed cannot be.",
          "Observe FLOAT inputs and results of nodes.");

  static final ErrorId REFUSED_VALUES =
      ErrorId.backend(
          "OCT-RUN-005",
          "A node refuses the values of its operands.",
          "Check the input data, and that the model is valid ONNX.");

  private ExecutionErrors() {}
}
