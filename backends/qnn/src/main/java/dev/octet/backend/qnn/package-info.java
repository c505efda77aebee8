/** The decisions of Qualcomm's QNN quantizer as a table of rules. */
@NullMarked
package dev.octet.backend.qnn;

import org.jspecify.annotations.NullMarked;
