/** What a run says: JSON, a page, JUnit's XML. */
@NullMarked
package dev.octet.tck.report;

import org.jspecify.annotations.NullMarked;
