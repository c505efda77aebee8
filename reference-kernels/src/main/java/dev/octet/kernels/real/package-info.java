/** Kernels that compute in double and round once. */
@NullMarked
package dev.octet.kernels.real;

import org.jspecify.annotations.NullMarked;
