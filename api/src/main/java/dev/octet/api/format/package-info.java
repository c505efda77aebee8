/** Model formats as services: reading, writing, and room for quantized types. */
@Incubating
@NullMarked
package dev.octet.api.format;

import dev.octet.api.stability.Incubating;
import org.jspecify.annotations.NullMarked;
