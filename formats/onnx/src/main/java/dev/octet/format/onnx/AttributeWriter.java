package dev.octet.format.onnx;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Graph;
import dev.octet.format.onnx.proto.OnnxMl.AttributeProto;
import dev.octet.format.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import dev.octet.format.onnx.proto.OnnxMl.GraphProto;
import dev.octet.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

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
    boolean nested = value.tensor().isPresent() || !value.graphs().isEmpty();
    if (nested || origin.isEmpty() || !origin.get().value().equals(value)) {
      put(proto, value);
    }
    if (nested) {
      origin.ifPresent(o -> keepType(proto, o.rest()));
    }
    return proto.build();
  }

  /**
   * Models may leave the type of an attribute out, and readers tell it by the field that is set.
   */
  private static void keepType(AttributeProto.Builder proto, AttributeProto stated) {
    if (stated.hasType()) {
      proto.setType(stated.getType());
    } else {
      proto.clearType();
    }
  }

  /** Tensors and graphs are always written: they have origins of their own. */
  private void put(AttributeProto.Builder proto, Attribute.Value value) {
    value.match(
        new Attribute.Value.Cases<>(
            v -> proto.setI(v.value()).setType(AttributeType.INT),
            v -> proto.setF(v.value()).setType(AttributeType.FLOAT),
            v -> proto.setS(ByteString.copyFromUtf8(v.value())).setType(AttributeType.STRING),
            v -> proto.clearInts().addAllInts(v.values()).setType(AttributeType.INTS),
            v -> proto.clearFloats().addAllFloats(v.values()).setType(AttributeType.FLOATS),
            v -> putStrings(proto, v.values()),
            v -> proto.setT(tensors.write(v.value()).whole()).setType(AttributeType.TENSOR),
            v -> proto.setG(graphs.apply(v.graph())).setType(AttributeType.GRAPH),
            v -> putGraphs(proto, v.graphs()),
            v -> refused(proto, v)));
  }

  private static AttributeProto.Builder putStrings(
      AttributeProto.Builder proto, List<String> texts) {
    proto.clearStrings().setType(AttributeType.STRINGS);
    texts.forEach(text -> proto.addStrings(ByteString.copyFromUtf8(text)));
    return proto;
  }

  private AttributeProto.Builder putGraphs(AttributeProto.Builder proto, List<Graph> several) {
    proto.setType(AttributeType.GRAPHS);
    several.forEach(graph -> proto.addGraphs(graphs.apply(graph)));
    return proto;
  }

  private static AttributeProto.Builder refused(
      AttributeProto.Builder proto, Attribute.OpaqueValue value) {
    throw new IllegalArgumentException(
        "attribute '" + proto.getName() + "' has a value that no ONNX model gave it: " + value);
  }
}
