/** Operators on images: resampling, transposed convolutions, and what detectors are made of. */
@NullMarked
package dev.octet.kernels.image;

import org.jspecify.annotations.NullMarked;
