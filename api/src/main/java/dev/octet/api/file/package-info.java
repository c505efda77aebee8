/** Files as Octet keeps them: written as a whole or not at all, read by window. */
@Incubating
@NullMarked
package dev.octet.api.file;

import dev.octet.api.stability.Incubating;
import org.jspecify.annotations.NullMarked;
