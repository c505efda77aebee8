/**
 * The arithmetic of quantized inference: the scalar reference, its faster twins with the same bits,
 * and the executor of whole graphs.
 */
@NullMarked
package dev.octet.kernels;

import org.jspecify.annotations.NullMarked;
