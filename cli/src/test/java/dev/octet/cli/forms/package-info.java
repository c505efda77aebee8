/** Forms of operators, quantized for every backend and run in ONNX Runtime at its defaults. */
@NullMarked
package dev.octet.cli.forms;

import org.jspecify.annotations.NullMarked;
