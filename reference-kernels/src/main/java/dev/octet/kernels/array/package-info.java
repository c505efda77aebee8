/** The plain arrays that values are kept in, and their elements. */
@NullMarked
package dev.octet.kernels.array;

import org.jspecify.annotations.NullMarked;
