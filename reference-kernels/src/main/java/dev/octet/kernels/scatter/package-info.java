/** Operators that put elements to, or take them from, places that other elements name. */
@NullMarked
package dev.octet.kernels.scatter;

import org.jspecify.annotations.NullMarked;
