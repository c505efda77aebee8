/** What integer graphs say beside ONNX's own words. */
@NullMarked
package dev.octet.kernels.dialect;

import org.jspecify.annotations.NullMarked;
