package dev.octet.format.onnx;

import dev.octet.api.graph.OpType;
import dev.octet.format.onnx.proto.OnnxMl.NodeProto;
import java.util.HashMap;
import java.util.Map;

/**
 * What the nodes of one operator have in common, kept once however many nodes a graph has. Not
 * thread-safe.
 */
final class NodeKinds {

  private final Map<Key, Kind> kinds = new HashMap<>();

  /** What tells kinds apart; a domain may be stated and empty. */
  private record Key(String op, String domain, boolean statesDomain) {}

  /**
   * One kind of nodes.
   *
   * @param op the operator
   * @param rest a node that says nothing but the operator
   */
  record Kind(OpType op, NodeProto rest) {}

  Kind of(NodeProto node) {
    return kinds.computeIfAbsent(
        new Key(node.getOpType(), node.getDomain(), node.hasDomain()), NodeKinds::kind);
  }

  private static Kind kind(Key key) {
    NodeProto.Builder rest = NodeProto.newBuilder().setOpType(key.op());
    if (key.statesDomain()) {
      rest.setDomain(key.domain());
    }
    return new Kind(new OpType(key.domain(), key.op()), rest.build());
  }

  /** Tells whether a node says nothing but name, operator, operands, results and attributes. */
  static boolean isPlain(NodeProto node) {
    return !node.hasDocString()
        && !node.hasOverload()
        && node.getMetadataPropsCount() == 0
        && node.getDeviceConfigurationsCount() == 0
        && node.getUnknownFields().asMap().isEmpty();
  }
}
