/**
 * The plan: every node of the user's model with its decision and the reason, and the groups of
 * points that share parameters; as a value, as a JSON file that people read, compare and edit, and
 * bound to the model that it is for.
 */
@NullMarked
package dev.octet.workflow.plan;

import org.jspecify.annotations.NullMarked;
