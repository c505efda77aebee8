/** Several quantizers on one graph. */
@NullMarked
package dev.octet.annotation;

import org.jspecify.annotations.NullMarked;
