/** What tests the rules: cases for each of them, composed for the backend that is tested. */
@NullMarked
package dev.octet.tck.check;

import org.jspecify.annotations.NullMarked;
