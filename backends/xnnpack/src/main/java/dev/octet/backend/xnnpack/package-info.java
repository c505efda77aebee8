/** The decisions of XNNPACK's quantizer as a table of rules. */
@NullMarked
package dev.octet.backend.xnnpack;

import org.jspecify.annotations.NullMarked;
