/**
 * Stored arrays as model inputs: data descriptions, the files they name, and the batches that come
 * of them.
 */
@NullMarked
package dev.octet.workflow.data;

import org.jspecify.annotations.NullMarked;
