/**
 * What a backend vendor implements to mark the points of a graph: the quantizer, and what it is
 * given.
 */
@NullMarked
package dev.octet.api.quantizer;

import org.jspecify.annotations.NullMarked;
