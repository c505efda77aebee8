/**
 * The vocabulary of quantization and the service interface that a backend implements.
 *
 * <p>Graphs, points, quantized types, specs and errors are immutable values; the package needs the
 * JDK alone.
 */
@NullMarked
package dev.octet.api;

import org.jspecify.annotations.NullMarked;
