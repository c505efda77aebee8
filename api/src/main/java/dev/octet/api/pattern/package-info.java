/**
 * What must hold of a node for a pattern to take it: conditions, Octet's and a vendor's own, and
 * the view of a node that they look at.
 */
@NullMarked
package dev.octet.api.pattern;

import org.jspecify.annotations.NullMarked;
