/** The backend that is tested, and what the kit does with it. */
@NullMarked
package dev.octet.tck.subject;

import org.jspecify.annotations.NullMarked;
