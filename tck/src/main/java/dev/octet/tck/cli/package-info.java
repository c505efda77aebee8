/** The octet-tck command. */
@NullMarked
package dev.octet.tck.cli;

import org.jspecify.annotations.NullMarked;
