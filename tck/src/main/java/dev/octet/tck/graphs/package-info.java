/** Graphs and data that cases are composed of: from what a backend declares, and from a seed. */
@NullMarked
package dev.octet.tck.graphs;

import org.jspecify.annotations.NullMarked;
