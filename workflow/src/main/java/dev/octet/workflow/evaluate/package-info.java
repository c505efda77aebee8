/** How good a model is, and how far from another one. */
@NullMarked
package dev.octet.workflow.evaluate;

import org.jspecify.annotations.NullMarked;
