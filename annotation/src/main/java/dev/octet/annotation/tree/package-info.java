/** Specs and findings as plain trees: the one form in which any file says them. */
@NullMarked
package dev.octet.annotation.tree;

import org.jspecify.annotations.NullMarked;
