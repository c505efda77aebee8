/** Images as levels of 8 bits, and what reads them of files, as a service. */
@Incubating
@NullMarked
package dev.octet.api.image;

import dev.octet.api.stability.Incubating;
import org.jspecify.annotations.NullMarked;
