/**
 * How kernels are found, prepared and run: the registry, the plain arrays that values are kept in,
 * and the threads that a run may use.
 */
@NullMarked
package dev.octet.kernels.registry;

import org.jspecify.annotations.NullMarked;
