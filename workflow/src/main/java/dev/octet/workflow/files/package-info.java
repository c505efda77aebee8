/** Files that are written as a whole or not at all. */
@NullMarked
package dev.octet.workflow.files;

import org.jspecify.annotations.NullMarked;
