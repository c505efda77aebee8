/**
 * The float operators. Their results are defined to the last bit: sums are chains of fused
 * multiply-adds in a written order, transcendental functions are those of {@link StrictMath} or
 * written here.
 */
@NullMarked
package dev.octet.kernels.floats;

import org.jspecify.annotations.NullMarked;
