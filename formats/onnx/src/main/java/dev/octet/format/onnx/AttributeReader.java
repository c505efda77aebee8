package dev.octet.format.onnx;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.format.onnx.proto.OnnxMl.AttributeProto;
import dev.octet.format.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import dev.octet.format.onnx.proto.OnnxMl.GraphProto;
import dev.octet.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads attributes. */
final class AttributeReader {

  private final TensorReader tensors;
  private final Function<GraphProto, Graph> graphs;

  /** Makes a reader that reads subgraphs by a function. */
  AttributeReader(TensorReader tensors, Function<GraphProto, Graph> graphs) {
    this.tensors = tensors;
    this.graphs = graphs;
  }

  /** Reads an attribute; {@code place} names its node in messages. */
  Attribute read(AttributeProto proto, String place) {
    Attribute.Value value = value(proto, place + ", attribute '" + proto.getName() + "'");
    AttributeOrigin origin = new AttributeOrigin(rest(proto, value), value);
    return new Attribute(proto.getName(), value, Optional.of(origin));
  }

  /** Tensors and graphs keep what the format says of them themselves. */
  private static AttributeProto rest(AttributeProto proto, Attribute.Value value) {
    return value.match(
        new Attribute.Value.Cases<>(
            integer -> proto,
            number -> proto,
            string -> proto,
            integers -> proto,
            numbers -> proto,
            strings -> proto,
            tensor -> proto.toBuilder().clearT().build(),
            graph -> proto.toBuilder().clearG().build(),
            graphs -> proto.toBuilder().clearGraphs().build(),
            opaque -> proto));
  }

  private Attribute.Value value(AttributeProto proto, String place) {
    if (!proto.getRefAttrName().isEmpty()) {
      return new Attribute.OpaqueValue("reference to attribute '" + proto.getRefAttrName() + "'");
    }
    return switch (type(proto)) {
      case FLOAT -> new Attribute.FloatValue(proto.getF());
      case INT -> new Attribute.IntValue(proto.getI());
      case STRING -> string(proto);
      case TENSOR -> tensor(proto, place);
      case GRAPH -> graph(proto);
      case FLOATS -> new Attribute.FloatsValue(proto.getFloatsList());
      case INTS -> new Attribute.IntsValue(proto.getIntsList());
      case STRINGS -> strings(proto);
      case GRAPHS -> graphs(proto);
      case SPARSE_TENSOR -> new Attribute.OpaqueValue("sparse tensor");
      case SPARSE_TENSORS -> new Attribute.OpaqueValue("list of sparse tensors");
      case TENSORS -> new Attribute.OpaqueValue("list of tensors");
      case TYPE_PROTO -> new Attribute.OpaqueValue("type");
      case TYPE_PROTOS -> new Attribute.OpaqueValue("list of types");
      case UNDEFINED -> new Attribute.OpaqueValue("value of no stated type");
    };
  }

  /** Returns the stated type, or that of the only field that is set, as old models mean it. */
  private static AttributeType type(AttributeProto proto) {
    if (proto.getType() != AttributeType.UNDEFINED) {
      return proto.getType();
    }
    List<AttributeType> set = new ArrayList<>();
    add(set, proto.hasF(), AttributeType.FLOAT);
    add(set, proto.hasI(), AttributeType.INT);
    add(set, proto.hasS(), AttributeType.STRING);
    add(set, proto.hasT(), AttributeType.TENSOR);
    add(set, proto.hasG(), AttributeType.GRAPH);
    add(set, proto.hasTp(), AttributeType.TYPE_PROTO);
    add(set, proto.hasSparseTensor(), AttributeType.SPARSE_TENSOR);
    add(set, proto.getFloatsCount() > 0, AttributeType.FLOATS);
    add(set, proto.getIntsCount() > 0, AttributeType.INTS);
    add(set, proto.getStringsCount() > 0, AttributeType.STRINGS);
    add(set, proto.getTensorsCount() > 0, AttributeType.TENSORS);
    add(set, proto.getGraphsCount() > 0, AttributeType.GRAPHS);
    add(set, proto.getSparseTensorsCount() > 0, AttributeType.SPARSE_TENSORS);
    add(set, proto.getTypeProtosCount() > 0, AttributeType.TYPE_PROTOS);
    return set.size() == 1 ? set.get(0) : AttributeType.UNDEFINED;
  }

  private static void add(List<AttributeType> set, boolean present, AttributeType type) {
    if (present) {
      set.add(type);
    }
  }

  private static Attribute.Value string(AttributeProto proto) {
    return proto.getS().isValidUtf8()
        ? new Attribute.StringValue(proto.getS().toStringUtf8())
        : new Attribute.OpaqueValue("string that is not UTF-8");
  }

  private static Attribute.Value strings(AttributeProto proto) {
    return proto.getStringsList().stream().allMatch(ByteString::isValidUtf8)
        ? new Attribute.StringsValue(
            proto.getStringsList().stream().map(ByteString::toStringUtf8).toList())
        : new Attribute.OpaqueValue("list of strings that are not UTF-8");
  }

  private Attribute.Value tensor(AttributeProto proto, String place) {
    if (DataType.ofOnnxNumber(proto.getT().getDataType()).isEmpty()) {
      return new Attribute.OpaqueValue("tensor of element type " + proto.getT().getDataType());
    }
    return new Attribute.TensorValue(tensors.read(proto.getT(), place));
  }

  private Attribute.Value graph(AttributeProto proto) {
    return proto.hasG()
        ? new Attribute.GraphValue(graphs.apply(proto.getG()))
        : new Attribute.OpaqueValue("graph that is missing");
  }

  private Attribute.Value graphs(AttributeProto proto) {
    List<Graph> read = new ArrayList<>();
    proto.getGraphsList().forEach(graph -> read.add(graphs.apply(graph)));
    return new Attribute.GraphsValue(read);
  }
}
