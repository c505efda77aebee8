/**
 * Damaged files for everything that Octet reads: seeds are small valid files, mutators know their
 * structure, and what a reader does with one is held to ending in a result or an error with an id.
 */
@NullMarked
package dev.octet.fuzz;

import org.jspecify.annotations.NullMarked;
