/** What integer graphs say beside ONNX's own words, and where operands stand, by name. */
@NullMarked
package dev.octet.kernels.dialect;

import org.jspecify.annotations.NullMarked;
