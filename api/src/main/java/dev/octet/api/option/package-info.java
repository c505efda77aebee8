/** Options of backends: what a backend understands, and what a user gave. */
@NullMarked
package dev.octet.api.option;

import org.jspecify.annotations.NullMarked;
