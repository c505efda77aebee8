/** The kit in a vendor's own tests, for JUnit 5.10 and later. */
@NullMarked
package dev.octet.tck.junit;

import org.jspecify.annotations.NullMarked;
