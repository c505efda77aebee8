/** Sequences of tensors, written as operators on the tensors before anything runs. */
@NullMarked
package dev.octet.kernels.sequence;

import org.jspecify.annotations.NullMarked;
