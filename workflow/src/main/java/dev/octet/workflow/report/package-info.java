/** What a step has to say, as text and as a tree. */
@NullMarked
package dev.octet.workflow.report;

import org.jspecify.annotations.NullMarked;
