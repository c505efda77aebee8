/**
 * A backend as a table of rules: patterns of operators, the conditions under which they are
 * quantized, and the specification of each point of a match.
 */
@NullMarked
package dev.octet.annotation.rules;

import org.jspecify.annotations.NullMarked;
