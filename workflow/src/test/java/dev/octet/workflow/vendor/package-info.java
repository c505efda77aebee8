/** What a vendor writes, against {@code dev.octet.api} alone, and tests of it. */
@NullMarked
package dev.octet.workflow.vendor;

import org.jspecify.annotations.NullMarked;
