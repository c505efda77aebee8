/** What is known by its content instead of by its name. */
@NullMarked
package dev.octet.workflow.digest;

import org.jspecify.annotations.NullMarked;
