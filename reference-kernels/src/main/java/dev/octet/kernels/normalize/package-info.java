/** Normalisations, computed in double: what comes before and behind the layers of networks. */
@NullMarked
package dev.octet.kernels.normalize;

import org.jspecify.annotations.NullMarked;
