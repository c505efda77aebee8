/**
 * The one seam between arithmetic and machine: conversions, and products over integers on bytes as
 * they are stored. {@link dev.octet.kernels.primitive.Primitives} lists what there is, and chooses
 * who does it; plain loops that are complete in themselves stand here. Whoever else does the same
 * gives the same bits.
 */
@NullMarked
package dev.octet.kernels.primitive;

import org.jspecify.annotations.NullMarked;
