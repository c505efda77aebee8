/** Attention and what stands around it, in double. */
@NullMarked
package dev.octet.kernels.attention;

import org.jspecify.annotations.NullMarked;
