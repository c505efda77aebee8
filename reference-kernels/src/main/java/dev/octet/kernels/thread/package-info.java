/** The threads that a step may use, and the dealing out of its pieces. */
@NullMarked
package dev.octet.kernels.thread;

import org.jspecify.annotations.NullMarked;
