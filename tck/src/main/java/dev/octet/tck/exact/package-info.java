/**
 * Which integers a node may give, in unbounded arithmetic and without any kernel, under the rule by
 * which a runtime says that it rounds.
 */
@NullMarked
package dev.octet.tck.exact;

import org.jspecify.annotations.NullMarked;
