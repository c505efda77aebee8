package dev.octet.format.onnx;

import com.google.protobuf.ByteString;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.format.onnx.GraphOrigin.InputSlot;
import dev.octet.format.onnx.GraphOrigin.ValueSlot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import onnx.OnnxMl.AttributeProto;
import onnx.OnnxMl.AttributeProto.AttributeType;
import onnx.OnnxMl.GraphProto;
import onnx.OnnxMl.NodeProto;
import onnx.OnnxMl.StringStringEntryProto;

/** Writes graphs: every item over its own origin. */
final class GraphWriter {

  private final TensorWriter tensors;

  GraphWriter(TensorWriter tensors) {
    this.tensors = tensors;
  }

  GraphProto write(Graph graph) {
    Optional<GraphOrigin> origin = Origins.of(graph.origin(), GraphOrigin.class);
    GraphProto.Builder proto =
        origin.map(o -> o.rest().toBuilder()).orElseGet(GraphProto::newBuilder);
    if (!proto.getName().equals(graph.name())) {
      proto.setName(graph.name());
    } else if (origin.isEmpty()) {
      proto.setName("graph");
    }
    graph.nodes().forEach(node -> proto.addNode(write(node)));
    graph.initializers().forEach((name, t) -> proto.addInitializer(tensors.write(t, name)));
    inputs(graph, origin.map(GraphOrigin::inputs).orElse(List.of()), proto);
    graph.outputs().forEach(output -> proto.addOutput(Types.write(output)));
    values(graph, origin.map(GraphOrigin::values).orElse(List.of()), proto);
    return proto.build();
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

  private static void addAll(
      GraphProto.Builder proto, @org.jspecify.annotations.Nullable List<ValueInfo> values) {
    if (values != null) {
      values.forEach(value -> proto.addInput(Types.write(value)));
    }
  }

  /** States the type of a constant that was replaced by one of another type. */
  private static ValueInfo constant(ValueInfo input, Graph graph) {
    Tensor tensor = graph.initializers().get(input.name());
    if (tensor == null || TensorWriter.unedited(tensor).isPresent()) {
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
        || graph.inputs().stream().anyMatch(v -> v.name().equals(value))
        || Origins.of(graph.origin(), GraphOrigin.class).stream()
            .flatMap(o -> o.rest().getSparseInitializerList().stream())
            .anyMatch(t -> t.getValues().getName().equals(value));
  }

  private NodeProto write(Node node) {
    Optional<NodeOrigin> origin = Origins.of(node.origin(), NodeOrigin.class);
    NodeProto.Builder proto =
        origin.map(o -> o.rest().toBuilder()).orElseGet(NodeProto::newBuilder);
    if (origin.isEmpty() || !origin.get().name().equals(node.name())) {
      proto.setName(node.name());
    }
    if (!proto.getOpType().equals(node.op().name())) {
      proto.setOpType(node.op().name());
    }
    if (!new OpType(proto.getDomain(), proto.getOpType()).equals(node.op())) {
      proto.setDomain(node.op().domain());
    }
    proto.addAllInput(node.operands()).addAllOutput(node.results());
    node.attributes().values().forEach(attribute -> proto.addAttribute(write(attribute)));
    if (origin.isEmpty() || !sameInOrder(origin.get().metadata(), node.metadata())) {
      proto.clearMetadataProps();
      node.metadata()
          .forEach(
              (key, value) ->
                  proto.addMetadataProps(
                      StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    }
    return proto.build();
  }

  private static boolean sameInOrder(Map<String, String> one, Map<String, String> other) {
    return List.copyOf(one.entrySet()).equals(List.copyOf(other.entrySet()));
  }

  private AttributeProto write(Attribute attribute) {
    Optional<AttributeOrigin> origin =
        Origins.of(attribute.origin(), AttributeOrigin.class)
            .filter(o -> sameKind(o.value(), attribute.value()));
    AttributeProto.Builder proto =
        origin.map(o -> o.rest().toBuilder()).orElseGet(AttributeProto::newBuilder);
    if (origin.isEmpty() || !proto.getName().equals(attribute.name())) {
      proto.setName(attribute.name());
    }
    Attribute.Value value = attribute.value();
    if (value instanceof Attribute.TensorValue tensor) {
      proto.setT(tensors.write(tensor.value()));
      stateType(proto, origin, AttributeType.TENSOR);
    } else if (value instanceof Attribute.GraphValue graph) {
      proto.setG(write(graph.graph()));
      stateType(proto, origin, AttributeType.GRAPH);
    } else if (value instanceof Attribute.GraphsValue graphs) {
      graphs.graphs().forEach(graph -> proto.addGraphs(write(graph)));
      stateType(proto, origin, AttributeType.GRAPHS);
    } else if (origin.isEmpty() || !origin.get().value().equals(value)) {
      put(proto, value);
    }
    return proto.build();
  }

  private static boolean sameKind(Attribute.Value one, Attribute.Value other) {
    return one.getClass() == other.getClass();
  }

  private static void stateType(
      AttributeProto.Builder proto, Optional<AttributeOrigin> origin, AttributeType type) {
    if (origin.isEmpty()) {
      proto.setType(type);
    }
  }

  private static void put(AttributeProto.Builder proto, Attribute.Value value) {
    if (value instanceof Attribute.IntValue v) {
      proto.setI(v.value()).setType(AttributeType.INT);
    } else if (value instanceof Attribute.FloatValue v) {
      proto.setF(v.value()).setType(AttributeType.FLOAT);
    } else if (value instanceof Attribute.StringValue v) {
      proto.setS(ByteString.copyFromUtf8(v.value())).setType(AttributeType.STRING);
    } else if (value instanceof Attribute.IntsValue v) {
      proto.clearInts().addAllInts(v.values()).setType(AttributeType.INTS);
    } else if (value instanceof Attribute.FloatsValue v) {
      proto.clearFloats().addAllFloats(v.values()).setType(AttributeType.FLOATS);
    } else if (value instanceof Attribute.StringsValue v) {
      proto.clearStrings().setType(AttributeType.STRINGS);
      v.values().forEach(text -> proto.addStrings(ByteString.copyFromUtf8(text)));
    } else {
      throw new IllegalArgumentException(
          "attribute '" + proto.getName() + "' has a value that no ONNX model gave it: " + value);
    }
  }
}
