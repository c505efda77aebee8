/**
 * The one exception type of Octet: a stable id, the fact, the place, the candidates and the next
 * step.
 */
@NullMarked
package dev.octet.api.error;

import org.jspecify.annotations.NullMarked;
