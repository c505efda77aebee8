/**
 * How kernels are compiled, bound and run, the plain arrays that values are kept in, and the
 * threads that a run may use.
 */
@NullMarked
package dev.octet.kernels.registry;

import org.jspecify.annotations.NullMarked;
