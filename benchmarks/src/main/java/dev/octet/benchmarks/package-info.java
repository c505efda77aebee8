/** Measurements outside the default build. */
@org.jspecify.annotations.NullMarked
package dev.octet.benchmarks;
