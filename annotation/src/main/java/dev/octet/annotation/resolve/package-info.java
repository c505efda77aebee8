/**
 * The resolution of the marks on a graph into groups that share scale and zero point. Octet's own:
 * exported to named modules alone.
 */
@NullMarked
package dev.octet.annotation.resolve;

import org.jspecify.annotations.NullMarked;
