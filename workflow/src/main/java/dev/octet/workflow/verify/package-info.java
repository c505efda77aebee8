/** Does again what a quantized file says of where it came from, and compares. */
@NullMarked
package dev.octet.workflow.verify;

import org.jspecify.annotations.NullMarked;
