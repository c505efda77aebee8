/** How an operator's kernel is compiled with constants, bound to sizes and run. */
@NullMarked
package dev.octet.kernels.compile;

import org.jspecify.annotations.NullMarked;
