package dev.octet.backend.onnxruntime;

import dev.octet.api.error.ErrorId;
import dev.octet.api.quantizer.FindingId;

/** Errors of ONNX Runtime. */
final class OrtErrors {

  static final ErrorId REFUSED =
      ErrorId.backend(
          "OCT-ORT-001",
          "ONNX Runtime refuses the model.",
          "Run it with --runtime cpu, or change what the message names.");

  static final ErrorId NO_LIBRARY =
      ErrorId.backend(
          "OCT-ORT-002",
          "ONNX Runtime's native library does not load on this machine.",
          "Run the model with --runtime cpu.");

  static final ErrorId STOPPED =
      ErrorId.backend(
          "OCT-ORT-003",
          "ONNX Runtime stopped in the middle of a run.",
          "Check the input's values and shapes.");

  static final ErrorId NO_TENSOR =
      ErrorId.backend(
          "OCT-ORT-004",
          "An output of the model is no tensor.",
          "Remove the output from the model.");

  static final ErrorId ELEMENT_TYPE =
      ErrorId.backend(
          "OCT-ORT-005",
          "ONNX Runtime's Java interface has no tensors of that element type.",
          "Add a Cast to a type that it has.");

  static final FindingId SATURATION =
      FindingId.warning(
          "OCT-CONV-102",
          "The model may give wrong results in ONNX Runtime on x86 CPUs without VNNI, which add pairs of products in 16 bits.",
          "To run the file there, quantize with --backend onnxruntime.");

  private OrtErrors() {}
}
