/**
 * From floats to integers and back: scale and zero point of a range, one value, and whole tensors
 * at every granularity, step by step as {@link dev.octet.api.spec.NumericProfile} writes it.
 */
@NullMarked
package dev.octet.kernels.quantize;

import org.jspecify.annotations.NullMarked;
