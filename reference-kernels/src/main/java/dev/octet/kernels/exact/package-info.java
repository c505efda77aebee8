/**
 * The exact real value of each element of a node on quantized integers, in unbounded arithmetic and
 * without any code of the kernels, and the error bound of float32 arithmetic around it: what tells
 * a rounding tie from an error when two runtimes differ.
 */
@NullMarked
package dev.octet.kernels.exact;

import org.jspecify.annotations.NullMarked;
