/** How far each tensor of a quantized model is from that of the float model. */
@NullMarked
package dev.octet.workflow.compare;

import org.jspecify.annotations.NullMarked;
