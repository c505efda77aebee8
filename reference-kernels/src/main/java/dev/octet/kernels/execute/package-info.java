/** Runs whole graphs: the plan for given input shapes, its memory, and the {@code cpu} runtime. */
@NullMarked
package dev.octet.kernels.execute;

import org.jspecify.annotations.NullMarked;
