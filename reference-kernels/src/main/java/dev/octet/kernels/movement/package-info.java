/** Operators that move elements and compute none; they take every element type. */
@NullMarked
package dev.octet.kernels.movement;

import org.jspecify.annotations.NullMarked;
