package dev.octet.format.onnx;

import dev.octet.api.graph.Origin;
import java.util.Map;
import onnx.OnnxMl.NodeProto;

/**
 * What is kept of a node.
 *
 * @param rest the node without inputs, outputs and attributes
 * @param name the name that the node got, which differs from that of the file when that is missing
 *     or not unique
 * @param metadata the metadata as it was read
 */
record NodeOrigin(NodeProto rest, String name, Map<String, String> metadata) implements Origin {}
