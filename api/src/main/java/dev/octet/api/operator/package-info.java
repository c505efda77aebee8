/** What ONNX says of its operators. */
@NullMarked
package dev.octet.api.operator;

import org.jspecify.annotations.NullMarked;
