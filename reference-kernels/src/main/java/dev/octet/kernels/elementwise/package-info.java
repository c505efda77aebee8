/**
 * Operators that work element by element, or along axes, on several element types: arithmetic,
 * comparison, logic, conversion, reduction.
 */
@NullMarked
package dev.octet.kernels.elementwise;

import org.jspecify.annotations.NullMarked;
