/**
 * The immutable graph in ONNX terms: models, nodes, values, tensors, points, and edits of a graph.
 */
@NullMarked
package dev.octet.api.graph;

import org.jspecify.annotations.NullMarked;
