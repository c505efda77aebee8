/**
 * Brings a model into the form that quantizers see: shapes are inferred, constants are folded, and
 * BatchNormalization is folded into the layer before it. What became of every node of the user's
 * model is kept.
 */
@NullMarked
package dev.octet.workflow.normalise;

import org.jspecify.annotations.NullMarked;
