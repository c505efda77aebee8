/**
 * Source quantization: the linear layers of a model are rewritten directly, without a backend, and
 * without data but where a scheme asks for it.
 */
@NullMarked
package dev.octet.workflow.source;

import org.jspecify.annotations.NullMarked;
