/** Numbers that are drawn the same everywhere. */
@NullMarked
package dev.octet.workflow.random;

import org.jspecify.annotations.NullMarked;
