/** Looks at what quantization made before it is handed over, and mends it where it is broken. */
@NullMarked
package dev.octet.workflow.check;

import org.jspecify.annotations.NullMarked;
