/** The backend that runs a quantized model on Octet's own integer kernels. */
@NullMarked
package dev.octet.backend.cpu;

import org.jspecify.annotations.NullMarked;
