/**
 * Reads and writes ONNX models, raises the operator set they are written in, and reads ONNX test
 * data.
 *
 * <p>A file becomes a {@link dev.octet.api.graph.Model} in which every item keeps, as its origin,
 * what the vocabulary of Octet has no word for. A model is written from its graphs and nodes; each
 * item is laid over its own origin. So what an edit does not touch is written as it was read, and
 * what Octet made is written as ONNX prescribes.
 */
@NullMarked
package dev.octet.format.onnx;

import org.jspecify.annotations.NullMarked;
