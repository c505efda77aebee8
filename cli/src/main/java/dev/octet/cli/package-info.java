/** The {@code octet} command. */
@NullMarked
package dev.octet.cli;

import org.jspecify.annotations.NullMarked;
