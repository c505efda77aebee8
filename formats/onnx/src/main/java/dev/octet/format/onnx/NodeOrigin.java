package dev.octet.format.onnx;

import dev.octet.api.graph.Origin;
import dev.octet.format.onnx.proto.OnnxMl.NodeProto;
import java.util.Map;

/**
 * What is kept of a node.
 *
 * @param rest the node without inputs, outputs and attributes
 * @param name the name that the node got, which differs from that of the file when that is missing
 *     or not unique
 * @param nameLeftOut whether {@code rest} is without the node's name, which is that of the file
 * @param metadata the metadata as it was read
 */
record NodeOrigin(NodeProto rest, String name, boolean nameLeftOut, Map<String, String> metadata)
    implements Origin {

  /** Tells whether {@code rest} has the name under which a node of some name is written. */
  boolean holdsName(String written) {
    return !nameLeftOut && name.equals(written);
  }
}
