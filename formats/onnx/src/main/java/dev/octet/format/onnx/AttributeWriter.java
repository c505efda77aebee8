package dev.octet.format.onnx;

import com.google.protobuf.ByteString;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Graph;
import java.util.Optional;
import java.util.function.Function;
import onnx.OnnxMl.AttributeProto;
import onnx.OnnxMl.AttributeProto.AttributeType;
import onnx.OnnxMl.GraphProto;

/** Writes attributes: each over its origin, as long as its value is of the same kind. */
final class AttributeWriter {

  private final TensorWriter tensors;
  private final Function<Graph, GraphProto> graphs;

  /** Makes a writer that writes subgraphs by a function. */
  AttributeWriter(TensorWriter tensors, Function<Graph, GraphProto> graphs) {
    this.tensors = tensors;
    this.graphs = graphs;
  }

  AttributeProto write(Attribute attribute) {
    Attribute.Value value = attribute.value();
    Optional<AttributeOrigin> origin =
        Origins.of(attribute.origin(), AttributeOrigin.class)
            .filter(o -> o.value().getClass() == value.getClass());
    AttributeProto.Builder proto =
        origin.map(o -> o.rest().toBuilder()).orElseGet(AttributeProto::newBuilder);
    if (origin.isEmpty() || !proto.getName().equals(attribute.name())) {
      proto.setName(attribute.name());
    }
    if (!putNested(proto, value, origin.isEmpty())
        && (origin.isEmpty() || !origin.get().value().equals(value))) {
      put(proto, value);
    }
    return proto.build();
  }

  /** Writes tensors and graphs, which have origins of their own; returns false for other values. */
  private boolean putNested(AttributeProto.Builder proto, Attribute.Value value, boolean fresh) {
    AttributeType type;
    if (value instanceof Attribute.TensorValue tensor) {
      proto.setT(tensors.write(tensor.value()));
      type = AttributeType.TENSOR;
    } else if (value instanceof Attribute.GraphValue graph) {
      proto.setG(graphs.apply(graph.graph()));
      type = AttributeType.GRAPH;
    } else if (value instanceof Attribute.GraphsValue several) {
      several.graphs().forEach(graph -> proto.addGraphs(graphs.apply(graph)));
      type = AttributeType.GRAPHS;
    } else {
      return false;
    }
    if (fresh) {
      proto.setType(type);
    }
    return true;
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
