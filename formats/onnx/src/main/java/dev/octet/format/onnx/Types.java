package dev.octet.format.onnx;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import dev.octet.format.onnx.proto.OnnxMl.TensorShapeProto;
import dev.octet.format.onnx.proto.OnnxMl.TypeProto;
import dev.octet.format.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Value infos and types, to and from their messages. */
final class Types {

  private Types() {}

  static ValueInfo read(ValueInfoProto proto) {
    ValueType type = read(proto.getType());
    return new ValueInfo(proto.getName(), type, Optional.of(new ValueOrigin(proto, type)));
  }

  static ValueInfoProto write(ValueInfo value) {
    Optional<ValueOrigin> origin = Origins.of(value.origin(), ValueOrigin.class);
    ValueInfoProto.Builder proto =
        origin.map(o -> o.whole().toBuilder()).orElseGet(ValueInfoProto::newBuilder);
    if (!proto.getName().equals(value.name()) || origin.isEmpty()) {
      proto.setName(value.name());
    }
    if (origin.isEmpty() || !origin.get().type().equals(value.type())) {
      write(value.type()).ifPresentOrElse(proto::setType, proto::clearType);
    }
    return proto.build();
  }

  private static ValueType read(TypeProto proto) {
    if (proto.hasTensorType()) {
      TypeProto.Tensor tensor = proto.getTensorType();
      Optional<DataType> dataType = DataType.ofOnnxNumber(tensor.getElemType());
      if (dataType.isPresent()) {
        Optional<Shape> shape =
            tensor.hasShape() ? Optional.of(read(tensor.getShape())) : Optional.empty();
        return new ValueType.TensorType(dataType.get(), shape);
      }
    }
    return new ValueType.Other(describe(proto));
  }

  private static Shape read(TensorShapeProto proto) {
    List<Dimension> dimensions = new ArrayList<>();
    for (TensorShapeProto.Dimension dim : proto.getDimList()) {
      if (dim.hasDimValue() && dim.getDimValue() >= 0) {
        dimensions.add(Dimension.of(dim.getDimValue()));
      } else if (dim.hasDimParam() && !dim.getDimParam().isEmpty()) {
        dimensions.add(new Dimension.Symbolic(dim.getDimParam()));
      } else {
        dimensions.add(new Dimension.Unknown());
      }
    }
    return new Shape(dimensions);
  }

  private static Optional<TypeProto> write(ValueType type) {
    return type.tensor().map(Types::write);
  }

  private static TypeProto write(ValueType.TensorType tensor) {
    TypeProto.Tensor.Builder proto =
        TypeProto.Tensor.newBuilder().setElemType(tensor.dataType().onnxNumber());
    tensor.shape().ifPresent(shape -> proto.setShape(write(shape)));
    return TypeProto.newBuilder().setTensorType(proto).build();
  }

  private static TensorShapeProto write(Shape shape) {
    TensorShapeProto.Builder proto = TensorShapeProto.newBuilder();
    for (Dimension dimension : shape.dimensions()) {
      TensorShapeProto.Dimension.Builder dim = proto.addDimBuilder();
      dimension.known().ifPresent(dim::setDimValue);
      dimension.symbol().ifPresent(dim::setDimParam);
    }
    return proto.build();
  }

  private static String describe(TypeProto proto) {
    return switch (proto.getValueCase()) {
      case TENSOR_TYPE -> "tensor(" + element(proto.getTensorType().getElemType()) + ")";
      case SPARSE_TENSOR_TYPE ->
          "sparse_tensor(" + element(proto.getSparseTensorType().getElemType()) + ")";
      case SEQUENCE_TYPE -> "seq(" + describe(proto.getSequenceType().getElemType()) + ")";
      case OPTIONAL_TYPE -> "optional(" + describe(proto.getOptionalType().getElemType()) + ")";
      case MAP_TYPE ->
          "map("
              + element(proto.getMapType().getKeyType())
              + ", "
              + describe(proto.getMapType().getValueType())
              + ")";
      case OPAQUE_TYPE -> "opaque(" + proto.getOpaqueType().getName() + ")";
      case VALUE_NOT_SET -> "not stated";
    };
  }

  private static String element(int number) {
    return DataType.ofOnnxNumber(number).map(DataType::name).orElse("element type " + number);
  }
}
