/**
 * The oracle: the exact real value of each element of a node on quantized integers, in unbounded
 * arithmetic, from the node and its operands alone, and the error bound of float32 arithmetic
 * around it: what tells a rounding tie from an error when two runtimes differ. Nothing here knows a
 * kernel, a shape rule or the executor.
 */
@NullMarked
package dev.octet.kernels.exact;

import org.jspecify.annotations.NullMarked;
