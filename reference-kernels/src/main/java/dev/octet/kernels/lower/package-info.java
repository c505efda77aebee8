/**
 * From a graph that dequantizes, computes in float and quantizes again to one that computes on
 * integers.
 */
@NullMarked
package dev.octet.kernels.lower;

import org.jspecify.annotations.NullMarked;
