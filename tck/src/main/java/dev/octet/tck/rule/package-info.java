/**
 * The rules that a backend keeps, as data: what the kit, the specification and the report are
 * written from.
 */
@NullMarked
package dev.octet.tck.rule;

import org.jspecify.annotations.NullMarked;
