/** Index arithmetic that kernels of any element type share: strides, broadcasting, windows. */
@NullMarked
package dev.octet.kernels.index;

import org.jspecify.annotations.NullMarked;
