package dev.octet.format.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.api.error.ErrorKind;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.format.onnx.proto.OnnxMl.AttributeProto;
import dev.octet.format.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import dev.octet.format.onnx.proto.OnnxMl.GraphProto;
import dev.octet.format.onnx.proto.OnnxMl.ModelProto;
import dev.octet.format.onnx.proto.OnnxMl.NodeProto;
import dev.octet.format.onnx.proto.OnnxMl.OperatorSetIdProto;
import dev.octet.format.onnx.proto.OnnxMl.StringStringEntryProto;
import dev.octet.format.onnx.proto.OnnxMl.TensorProto;
import dev.octet.format.onnx.proto.OnnxMl.TensorShapeProto;
import dev.octet.format.onnx.proto.OnnxMl.TypeProto;
import dev.octet.format.onnx.proto.OnnxMl.ValueInfoProto;
import dev.octet.protobuf.ByteString;
import dev.octet.protobuf.InvalidProtocolBufferException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Messages for tests. */
final class Protos {

  private Protos() {}

  static NodeProto.Builder node(String name, String op, List<String> inputs, List<String> outputs) {
    return NodeProto.newBuilder()
        .setName(name)
        .setOpType(op)
        .addAllInput(inputs)
        .addAllOutput(outputs);
  }

  static AttributeProto ints(String name, long... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value).build();
  }

  static AttributeProto number(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  static AttributeProto text(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }

  static AttributeProto graph(String name, GraphProto value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.GRAPH)
        .setG(value)
        .build();
  }

  static ValueInfoProto value(String name, int elementType, Object... dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (Object dim : dims) {
      if (dim instanceof Integer size) {
        shape.addDimBuilder().setDimValue(size);
      } else {
        shape.addDimBuilder().setDimParam((String) dim);
      }
    }
    TypeProto.Tensor tensor =
        TypeProto.Tensor.newBuilder().setElemType(elementType).setShape(shape).build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  /** Returns a float tensor in raw_data. */
  static TensorProto floats(String name, float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(1)
        .addDims(values.length)
        .setRawData(ByteString.copyFrom(bytes.flip()))
        .build();
  }

  static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  static ModelProto.Builder model(long irVersion, long opset, GraphProto.Builder graph) {
    return ModelProto.newBuilder()
        .setIrVersion(irVersion)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(opset))
        .setGraph(graph);
  }

  /** Returns a graph of one node from x to y. */
  static GraphProto.Builder single(NodeProto.Builder node, int... dims) {
    Object[] boxed = java.util.Arrays.stream(dims).boxed().toArray();
    return GraphProto.newBuilder()
        .setName("g")
        .addNode(node)
        .addInput(value("x", 1, boxed))
        .addOutput(value("y", 1));
  }

  static Model read(ModelProto.Builder model) {
    return new OnnxFormat().read(model.build().toByteArray(), "test.onnx");
  }

  static ModelProto write(Model model) {
    try {
      return ModelProto.parseFrom(new OnnxFormat().toBytes(model));
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  /** Checks that reading fails with an id, as an error about the input. */
  static OctetException assertRefused(String id, ModelProto.Builder model) {
    OctetException e = assertThrows(OctetException.class, () -> read(model));
    assertEquals(id, e.id(), e.getMessage());
    assertEquals(ErrorKind.INPUT, e.kind());
    return e;
  }
}
