/**
 * Models whose inputs or outputs are integers: what the integers mean, as the metadata of the file
 * tells it, and how floats become them.
 */
@NullMarked
package dev.octet.workflow.boundary;

import org.jspecify.annotations.NullMarked;
