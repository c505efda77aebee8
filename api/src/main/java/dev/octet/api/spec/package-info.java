/**
 * How a point is quantized: integer types, schemes, granularities, observers and the five kinds of
 * specification.
 */
@NullMarked
package dev.octet.api.spec;

import org.jspecify.annotations.NullMarked;
