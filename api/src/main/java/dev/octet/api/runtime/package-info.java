/** What executes a converted model. */
@Incubating
@NullMarked
package dev.octet.api.runtime;

import dev.octet.api.stability.Incubating;
import org.jspecify.annotations.NullMarked;
