/** The decisions of Arm's TOSA quantizer as a table of rules. */
@NullMarked
package dev.octet.backend.arm;

import org.jspecify.annotations.NullMarked;
