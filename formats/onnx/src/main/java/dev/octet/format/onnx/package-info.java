/** Reads and writes ONNX models. */
@NullMarked
package dev.octet.format.onnx;

import org.jspecify.annotations.NullMarked;
