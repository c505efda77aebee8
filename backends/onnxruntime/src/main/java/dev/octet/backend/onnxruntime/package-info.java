/** The backend that runs a quantized model on ONNX Runtime. */
@NullMarked
package dev.octet.backend.onnxruntime;

import org.jspecify.annotations.NullMarked;
