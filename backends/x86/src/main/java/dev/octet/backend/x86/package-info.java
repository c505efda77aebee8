/** The decisions of PyTorch's x86 inductor quantizer as a table of rules. */
@NullMarked
package dev.octet.backend.x86;

import org.jspecify.annotations.NullMarked;
