/** Types and shapes of all values of a graph, by the shape rules of its operators. */
@NullMarked
package dev.octet.kernels.infer;

import org.jspecify.annotations.NullMarked;
