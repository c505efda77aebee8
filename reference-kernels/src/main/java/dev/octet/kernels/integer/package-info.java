/**
 * Kernels on quantized integers: the operators QuantizeLinear, DequantizeLinear, QLinear*, *Integer
 * and QGemm, each with the arithmetic of ONNX Runtime written out, and the bounds that tell a
 * rounding tie from an error.
 */
@NullMarked
package dev.octet.kernels.integer;

import org.jspecify.annotations.NullMarked;
