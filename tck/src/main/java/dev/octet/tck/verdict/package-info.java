/** What came of cases and rules, and whether a backend conforms. */
@NullMarked
package dev.octet.tck.verdict;

import org.jspecify.annotations.NullMarked;
