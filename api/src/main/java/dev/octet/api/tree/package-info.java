/**
 * The plain tree (maps, lists, strings, numbers, each with its source position) that values of the
 * vocabulary are converted to and from. Text formats such as JSON and YAML live elsewhere.
 */
@NullMarked
package dev.octet.api.tree;

import org.jspecify.annotations.NullMarked;
