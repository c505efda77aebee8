/** How the steps do their work: on which threads, how far they are, and whether they go on. */
@NullMarked
package dev.octet.workflow.execution;

import org.jspecify.annotations.NullMarked;
