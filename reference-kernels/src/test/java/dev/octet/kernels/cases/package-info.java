/**
 * Small cases of every operator that has a kernel, with values worked out by hand or by arithmetic
 * that shares no code with the kernels.
 */
@NullMarked
package dev.octet.kernels.cases;

import org.jspecify.annotations.NullMarked;
