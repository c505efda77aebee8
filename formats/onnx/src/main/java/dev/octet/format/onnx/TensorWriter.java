package dev.octet.format.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import dev.octet.format.onnx.TensorOrigin.Form;
import java.util.Arrays;
import java.util.Optional;
import onnx.OnnxMl.TensorProto;

/**
 * Writes tensors.
 *
 * <p>A tensor that still has the elements it was read with is stored as it was; any other is stored
 * in {@code raw_data}, strings in {@code string_data}. Where data stands outside the model is up to
 * the {@link DataPlacement}.
 */
final class TensorWriter {

  private final DataPlacement placement;

  TensorWriter(DataPlacement placement) {
    this.placement = placement;
  }

  /** Writes a constant of a graph under its name. */
  TensorProto write(Tensor tensor, String name) {
    TensorProto proto = write(tensor);
    return proto.hasName() && proto.getName().equals(name)
        ? proto
        : proto.toBuilder().setName(name).build();
  }

  /** Writes a tensor under the name it was read with. */
  TensorProto write(Tensor tensor) {
    Optional<TensorOrigin> origin = unedited(tensor);
    if (origin.isPresent() && placement.keeps(origin.get())) {
      return origin.get().rest();
    }
    TensorProto.Builder proto =
        origin.map(o -> o.rest().toBuilder()).orElseGet(() -> described(tensor));
    boolean fresh = origin.isEmpty() || origin.get().form() == Form.EXTERNAL;
    if (placement.placesOutside(tensor)) {
      TypedData.clear(proto, tensor.dataType());
      placement.place(tensor, proto.clearRawData());
    } else if (fresh) {
      putInside(tensor, proto);
    } else {
      putAsRead(tensor, origin.get().form(), proto);
    }
    return proto.build();
  }

  /** Returns the origin of a tensor whose elements are still those of the origin. */
  static Optional<TensorOrigin> unedited(Tensor tensor) {
    return Origins.of(tensor.origin(), TensorOrigin.class).filter(o -> o.elements().equals(tensor));
  }

  private static TensorProto.Builder described(Tensor tensor) {
    TensorProto.Builder proto =
        TensorProto.newBuilder().setDataType(DataTypes.number(tensor.dataType()));
    Arrays.stream(tensor.sizes()).forEach(proto::addDims);
    return proto;
  }

  private static void putInside(Tensor tensor, TensorProto.Builder proto) {
    proto.clearExternalData().clearDataLocation();
    if (tensor.dataType() == DataType.STRING) {
      TypedData.write(proto, tensor);
    } else {
      proto.setRawData(bytes(tensor));
    }
  }

  private static void putAsRead(Tensor tensor, Form form, TensorProto.Builder proto) {
    if (form == Form.RAW) {
      proto.setRawData(bytes(tensor));
    } else if (form == Form.TYPED) {
      TypedData.write(proto, tensor);
    }
  }

  /** The tensor never changes, so the message may share its bytes. */
  private static ByteString bytes(Tensor tensor) {
    return UnsafeByteOperations.unsafeWrap(tensor.data());
  }
}
