/**
 * Turns a plan and a calibration into a quantized model: parameters of each group, quantized
 * constants, and QuantizeLinear and DequantizeLinear around the operators that stay as they are.
 */
@NullMarked
package dev.octet.workflow.convert;

import org.jspecify.annotations.NullMarked;
