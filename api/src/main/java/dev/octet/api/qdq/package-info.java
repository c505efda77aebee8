/**
 * The one reading of quantized values in a graph: what QuantizeLinear and DequantizeLinear nodes
 * say about the integers around them, whoever wrote them.
 */
@Incubating
@NullMarked
package dev.octet.api.qdq;

import dev.octet.api.stability.Incubating;
import org.jspecify.annotations.NullMarked;
