/** Models of quantized integers, composed of what a runtime declares, with their data. */
@NullMarked
package dev.octet.tck.integers;

import org.jspecify.annotations.NullMarked;
