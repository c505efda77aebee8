package dev.octet.format.onnx;

import dev.octet.api.graph.Node;

/**
 * Writes a node as the next version of its operator has it, with the same meaning. A node that is
 * written that way already is left alone.
 */
interface Conversion {

  /** Changes the node, or records why it cannot be changed. */
  void convert(Node node, RaisingContext context);
}
