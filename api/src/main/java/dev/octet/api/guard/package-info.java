/** Calls into code that others wrote. Not exported: the catalogues hand out guarded services. */
@NullMarked
package dev.octet.api.guard;

import org.jspecify.annotations.NullMarked;
