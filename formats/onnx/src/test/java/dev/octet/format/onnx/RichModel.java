package dev.octet.format.onnx;

import dev.octet.format.onnx.proto.OnnxMl.AttributeProto;
import dev.octet.format.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import dev.octet.format.onnx.proto.OnnxMl.DeviceConfigurationProto;
import dev.octet.format.onnx.proto.OnnxMl.FunctionProto;
import dev.octet.format.onnx.proto.OnnxMl.GraphProto;
import dev.octet.format.onnx.proto.OnnxMl.ModelProto;
import dev.octet.format.onnx.proto.OnnxMl.NodeDeviceConfigurationProto;
import dev.octet.format.onnx.proto.OnnxMl.NodeProto;
import dev.octet.format.onnx.proto.OnnxMl.SparseTensorProto;
import dev.octet.format.onnx.proto.OnnxMl.TensorAnnotation;
import dev.octet.format.onnx.proto.OnnxMl.TensorProto;
import dev.octet.format.onnx.proto.OnnxMl.TrainingInfoProto;
import dev.octet.format.onnx.proto.OnnxMl.TypeProto;
import dev.octet.format.onnx.proto.OnnxMl.ValueInfoProto;
import dev.octet.protobuf.ByteString;
import dev.octet.protobuf.Descriptors.FieldDescriptor;
import dev.octet.protobuf.Message;
import java.util.List;

/** A small valid model in which every message of the schema stands somewhere. */
final class RichModel {

  /** Deep enough for every message below those that are filled. */
  private static final int DEPTH = 2;

  private RichModel() {}

  static ModelProto build() {
    return Protos.model(10, 21, graph())
        .setProducerName("test")
        .setDocString("model")
        .addOpsetImport(
            dev.octet.format.onnx.proto.OnnxMl.OperatorSetIdProto.newBuilder()
                .setDomain("custom")
                .setVersion(3))
        .addMetadataProps(Protos.entry("k", "v"))
        .addMetadataProps(Protos.entry("k", "again"))
        .addTrainingInfo(filled(TrainingInfoProto.getDefaultInstance(), DEPTH))
        .addFunctions(filled(FunctionProto.getDefaultInstance(), DEPTH))
        .addConfiguration(filled(DeviceConfigurationProto.getDefaultInstance(), DEPTH))
        .build();
  }

  private static GraphProto.Builder graph() {
    return GraphProto.newBuilder()
        .setName("rich")
        .setDocString("graph")
        .addMetadataProps(Protos.entry("a", "b"))
        .addInput(described(Protos.value("x", 1, "N", 4)))
        .addInput(Protos.value("w", 1, 4))
        .addInput(typed("s", filled(TypeProto.getDefaultInstance(), DEPTH)))
        .addInput(Protos.value("condition", 9))
        .addInput(typed("m", type("map_type")))
        .addInput(typed("o", type("optional_type")))
        .addInput(typed("q", type("sequence_type")))
        .addInput(typed("p", type("sparse_tensor_type")))
        .addOutput(described(Protos.value("y", 1, "N", 4)))
        .addValueInfo(described(Protos.value("h", 1, "N", 4)))
        .addValueInfo(Protos.value("y", 1, "N", 4))
        .addValueInfo(Protos.value("h", 1, 7))
        .addInitializer(Protos.floats("w", 1, 2, 3, 4))
        .addInitializer(typed())
        .addSparseInitializer(sparse())
        .addQuantizationAnnotation(filled(TensorAnnotation.getDefaultInstance(), DEPTH))
        .addNode(
            Protos.node("mul", "Mul", List.of("x", "w"), List.of("h"))
                .setDocString("node")
                .addMetadataProps(Protos.entry("module", "m"))
                .addDeviceConfigurations(
                    filled(NodeDeviceConfigurationProto.getDefaultInstance(), DEPTH + 1)))
        .addNode(Protos.node("", "Add", List.of("h", "t"), List.of("i")).setOverload("o"))
        .addNode(attributes())
        .addNode(
            Protos.node("mul", "If", List.of("condition"), List.of("y"))
                .addAttribute(Protos.graph("then_branch", branch("then")))
                .addAttribute(Protos.graph("else_branch", branch("else"))));
  }

  private static ValueInfoProto described(ValueInfoProto value) {
    ValueInfoProto.Builder described =
        value.toBuilder().setDocString("value").addMetadataProps(Protos.entry("c", "d"));
    described.getTypeBuilder().setDenotation("IMAGE");
    described
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .getShapeBuilder()
        .getDimBuilder(0)
        .setDenotation("DATA_BATCH");
    return described.build();
  }

  private static ValueInfoProto typed(String name, TypeProto type) {
    return ValueInfoProto.newBuilder().setName(name).setType(type).build();
  }

  /** Returns a type with one of the alternatives set. */
  private static TypeProto type(String alternative) {
    TypeProto.Builder type = TypeProto.newBuilder().setDenotation("some");
    FieldDescriptor field = TypeProto.getDescriptor().findFieldByName(alternative);
    Message.Builder value = type.newBuilderForField(field);
    return type.setField(field, filled(value.build(), DEPTH)).build();
  }

  private static TensorProto typed() {
    return TensorProto.newBuilder()
        .setName("t")
        .setDataType(1)
        .addFloatData(1.5f)
        .setDocString("tensor")
        .addMetadataProps(Protos.entry("e", "f"))
        .build();
  }

  private static SparseTensorProto sparse() {
    return SparseTensorProto.newBuilder()
        .setValues(Protos.floats("sparse", 1))
        .setIndices(
            TensorProto.newBuilder().setName("at").setDataType(7).addDims(1).addInt64Data(2))
        .addDims(9)
        .build();
  }

  private static GraphProto branch(String name) {
    return GraphProto.newBuilder()
        .setName(name)
        .addNode(Protos.node(name + "_add", "Add", List.of("i", "c"), List.of("r")))
        .addInitializer(Protos.floats("c", 1, 1, 1, 1))
        .addOutput(Protos.value("r", 1, "N", 4))
        .build();
  }

  private static NodeProto.Builder attributes() {
    NodeProto.Builder node =
        Protos.node("all", "Everything", List.of("sparse", "", "h"), List.of("", "z"))
            .setDomain("custom");
    for (AttributeType type : AttributeType.values()) {
      AttributeProto.Builder attribute =
          AttributeProto.newBuilder().setName("a" + type).setType(type).setDocString("attribute");
      fill(attribute, type);
      node.addAttribute(attribute);
    }
    return node.addAttribute(AttributeProto.newBuilder().setName("untyped").addInts(1).addInts(2));
  }

  private static void fill(AttributeProto.Builder attribute, AttributeType type) {
    switch (type) {
      case FLOAT -> attribute.setF(0.25f);
      case INT -> attribute.setI(-3);
      case STRING -> attribute.setS(ByteString.copyFromUtf8("text"));
      case TENSOR -> attribute.setT(Protos.floats("inner", 3, 4));
      case GRAPH -> attribute.setG(branch("one"));
      case FLOATS -> attribute.addFloats(1).addFloats(2);
      case INTS -> attribute.addInts(1).addInts(2);
      case STRINGS -> attribute.addStrings(ByteString.copyFrom(new byte[] {(byte) 0xff}));
      case TENSORS -> attribute.addTensors(filled(TensorProto.getDefaultInstance(), DEPTH));
      case GRAPHS -> attribute.addGraphs(branch("two")).addGraphs(branch("three"));
      case SPARSE_TENSOR -> attribute.setSparseTensor(sparse());
      case SPARSE_TENSORS -> attribute.addSparseTensors(sparse());
      case TYPE_PROTO -> attribute.setTp(filled(TypeProto.getDefaultInstance(), DEPTH));
      case TYPE_PROTOS -> attribute.addTypeProtos(filled(TypeProto.getDefaultInstance(), DEPTH));
      case UNDEFINED -> attribute.setRefAttrName("outer");
    }
  }

  /** Sets every field of a message, down to a depth; of a oneof the last field stays. */
  @SuppressWarnings("unchecked")
  static <T extends Message> T filled(T message, int depth) {
    Message.Builder builder = message.newBuilderForType();
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      boolean nested = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
      if (nested && depth == 0) {
        continue;
      }
      Object value =
          nested
              ? filled(builder.newBuilderForField(field).buildPartial(), depth - 1)
              : scalar(field);
      if (field.isRepeated()) {
        builder.addRepeatedField(field, value);
      } else {
        builder.setField(field, value);
      }
    }
    return (T) builder.build();
  }

  static Object scalar(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case INT -> 1;
      case LONG -> 2L;
      case FLOAT -> 0.5f;
      case DOUBLE -> 0.25;
      case BOOLEAN -> true;
      case STRING -> "some " + field.getName();
      case BYTE_STRING -> ByteString.copyFromUtf8("bytes");
      case ENUM -> field.getEnumType().getValues().get(0);
      case MESSAGE -> throw new IllegalArgumentException(field.getFullName());
    };
  }
}
