/** Loss functions, in double. */
@NullMarked
package dev.octet.kernels.loss;

import org.jspecify.annotations.NullMarked;
