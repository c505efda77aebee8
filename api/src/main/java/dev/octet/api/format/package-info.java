/** Model formats as services: reading, writing, and room for quantized types. */
@NullMarked
package dev.octet.api.format;

import org.jspecify.annotations.NullMarked;
