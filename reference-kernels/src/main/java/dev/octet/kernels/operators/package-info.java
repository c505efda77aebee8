/** Every operator that Octet knows, in one list. */
@NullMarked
package dev.octet.kernels.operators;

import org.jspecify.annotations.NullMarked;
