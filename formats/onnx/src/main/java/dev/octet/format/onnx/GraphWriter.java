package dev.octet.format.onnx;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.format.onnx.GraphOrigin.InputSlot;
import dev.octet.format.onnx.GraphOrigin.ValueSlot;
import dev.octet.format.onnx.proto.OnnxMl.GraphProto;
import dev.octet.format.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes graphs: every item over its own origin. */
final class GraphWriter {

  private final TensorWriter tensors;
  private final AttributeWriter attributes;

  GraphWriter(TensorWriter tensors) {
    this.tensors = tensors;
    this.attributes = new AttributeWriter(tensors, graph -> write(graph).whole());
  }

  /**
   * A graph as it is written.
   *
   * @param rest its message without constants
   * @param constants its constants
   */
  record Written(GraphProto rest, List<TensorWriter.Written> constants) {

    /** Returns the message, with a copy of all data. */
    GraphProto whole() {
      return rest.toBuilder()
          .addAllInitializer(constants.stream().map(TensorWriter.Written::whole).toList())
          .build();
    }

    /** Returns what is written, without copies of much data. */
    MessagePart part() {
      return MessagePart.of(
          rest,
          GraphProto.INITIALIZER_FIELD_NUMBER,
          constants.stream().map(TensorWriter.Written::part).toList());
    }
  }

  Written write(Graph graph) {
    Optional<GraphOrigin> origin = Origins.of(graph.origin(), GraphOrigin.class);
    GraphProto.Builder proto =
        origin.map(o -> o.rest().toBuilder()).orElseGet(GraphProto::newBuilder);
    if (!proto.getName().equals(graph.name())) {
      proto.setName(graph.name());
    } else if (origin.isEmpty()) {
      proto.setName("graph");
    }
    graph.nodes().forEach(node -> proto.addNode(write(node)));
    List<TensorWriter.Written> constants = new ArrayList<>();
    graph
        .initializers()
        .forEach(
            (name, tensor) ->
                SparseOrigin.unedited(tensor)
                    .ifPresentOrElse(
                        sparse -> proto.addSparseInitializer(sparse.named(name)),
                        () -> constants.add(tensors.write(tensor, name))));
    inputs(graph, origin.map(GraphOrigin::inputs).orElse(List.of()), proto);
    graph.outputs().forEach(output -> proto.addOutput(Types.write(output)));
    values(graph, origin.map(GraphOrigin::values).orElse(List.of()), proto);
    return new Written(proto.build(), constants);
  }

  /** An input that is a constant stands behind the input that it stood behind in the file. */
  private static void inputs(Graph graph, List<InputSlot> slots, GraphProto.Builder proto) {
    Map<String, List<ValueInfo>> behind = new HashMap<>();
    String anchor = "";
    List<String> anchors = new ArrayList<>(List.of(anchor));
    for (InputSlot slot : slots) {
      if (slot.constant().isEmpty()) {
        anchor = slot.name();
        anchors.add(anchor);
      } else if (graph.initializers().containsKey(slot.name())) {
        behind
            .computeIfAbsent(anchor, a -> new ArrayList<>())
            .add(constant(slot.constant().get(), graph));
      }
    }
    addAll(proto, behind.remove(""));
    for (ValueInfo input : graph.inputs()) {
      proto.addInput(Types.write(input));
      addAll(proto, behind.remove(input.name()));
    }
    anchors.forEach(gone -> addAll(proto, behind.remove(gone)));
  }

  private static void addAll(GraphProto.Builder proto, @Nullable List<ValueInfo> values) {
    if (values != null) {
      values.forEach(value -> proto.addInput(Types.write(value)));
    }
  }

  /** States the type of a constant that was replaced by one of another type. */
  private static ValueInfo constant(ValueInfo input, Graph graph) {
    Tensor tensor = graph.initializers().get(input.name());
    if (tensor == null
        || TensorWriter.unedited(tensor).isPresent()
        || SparseOrigin.unedited(tensor).isPresent()) {
      return input;
    }
    return new ValueInfo(input.name(), tensor.type(), input.origin());
  }

  private static void values(Graph graph, List<ValueSlot> slots, GraphProto.Builder proto) {
    Set<String> written = new HashSet<>();
    for (ValueSlot slot : slots) {
      ValueInfo value = graph.values().get(slot.name());
      if (slot.defined() && !defines(graph, slot.name())) {
        written.add(slot.name());
      } else if (slot.unmodelled().isPresent()) {
        proto.addValueInfo(slot.unmodelled().get());
      } else if (value != null) {
        proto.addValueInfo(Types.write(value));
        written.add(slot.name());
      }
    }
    graph.values().values().stream()
        .filter(value -> !written.contains(value.name()))
        .forEach(value -> proto.addValueInfo(Types.write(value)));
  }

  private static boolean defines(Graph graph, String value) {
    return graph.definition(value).isPresent()
        || graph.initializers().containsKey(value)
        || graph.inputs().stream().anyMatch(v -> v.name().equals(value));
  }

  private NodeProto write(Node node) {
    Optional<NodeOrigin> origin = Origins.of(node.origin(), NodeOrigin.class);
    NodeProto.Builder proto =
        origin.map(o -> o.rest().toBuilder()).orElseGet(NodeProto::newBuilder);
    if (origin.filter(o -> o.holdsName(node.name())).isEmpty()) {
      proto.setName(node.name());
    }
    if (!proto.getOpType().equals(node.op().name())) {
      proto.setOpType(node.op().name());
    }
    if (!new OpType(proto.getDomain(), proto.getOpType()).equals(node.op())) {
      proto.setDomain(node.op().domain());
    }
    proto.addAllInput(node.operands()).addAllOutput(node.results());
    node.attributes()
        .values()
        .forEach(attribute -> proto.addAttribute(attributes.write(attribute)));
    if (origin.isEmpty() || !Metadata.sameInOrder(origin.get().metadata(), node.metadata())) {
      proto.clearMetadataProps().addAllMetadataProps(Metadata.entries(node.metadata()));
    }
    return proto.build();
  }
}
