/**
 * Types and shapes of the values of a graph: one rule per operator, used for the inference over
 * symbolic shapes and for the preparation of kernels over known ones.
 */
@NullMarked
package dev.octet.kernels.shape;

import org.jspecify.annotations.NullMarked;
