package dev.octet.format.onnx;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import dev.octet.format.onnx.TensorOrigin.Form;
import dev.octet.format.onnx.proto.OnnxMl.TensorProto;
import dev.octet.protobuf.ByteString;
import dev.octet.protobuf.UnsafeByteOperations;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Writes tensors.
 *
 * <p>A tensor that still has the elements it was read with is stored as it was; any other is stored
 * in {@code raw_data}, strings in {@code string_data}. Where data stands outside the model is up to
 * the {@link DataPlacement}. What goes to {@code raw_data} stands beside the message until then.
 */
final class TensorWriter {

  /** Below this many bytes a copy costs less than a part of its own. */
  private static final int COPIED_BELOW = 1 << 16;

  private final DataPlacement placement;

  TensorWriter(DataPlacement placement) {
    this.placement = placement;
  }

  /**
   * A tensor as it is written.
   *
   * @param rest its message without {@code rawData}
   * @param rawData whose bytes belong into {@code raw_data}, if the elements stand there
   */
  record Written(TensorProto rest, Optional<Tensor> rawData) {

    /** Returns the message, with a copy of the data. */
    TensorProto whole() {
      return rawData.map(data -> rest.toBuilder().setRawData(copy(data)).build()).orElse(rest);
    }

    private static ByteString copy(Tensor data) {
      byte[] bytes = new byte[Math.toIntExact(data.byteCount())];
      data.forEachWindow((at, window) -> window.get(bytes, (int) at, window.remaining()));
      return UnsafeByteOperations.unsafeWrap(bytes);
    }

    /** Returns what is written, for much data without a copy of it. */
    MessagePart part() {
      return rawData
          .filter(data -> data.byteCount() >= COPIED_BELOW)
          .map(
              data ->
                  MessagePart.of(
                      rest, TensorProto.RAW_DATA_FIELD_NUMBER, List.of(MessagePart.of(data))))
          .orElseGet(() -> MessagePart.of(whole()));
    }

    private Written named(String name) {
      return rest.hasName() && rest.getName().equals(name)
          ? this
          : new Written(rest.toBuilder().setName(name).build(), rawData);
    }
  }

  /** Writes a constant of a graph under its name. */
  Written write(Tensor tensor, String name) {
    return write(tensor).named(name);
  }

  /** Writes a tensor under the name it was read with. */
  Written write(Tensor tensor) {
    Optional<TensorOrigin> origin = unedited(tensor);
    if (origin.isPresent() && placement.keeps(origin.get())) {
      return new Written(origin.get().rest(), Optional.empty());
    }
    TensorProto.Builder proto =
        origin
            .filter(o -> o.form() != Form.PLAIN)
            .map(o -> o.rest().toBuilder())
            .orElseGet(() -> described(tensor));
    if (placement.placesOutside(tensor)) {
      TypedData.clear(proto, tensor.dataType());
      placement.place(tensor, proto.clearRawData());
      return new Written(proto.build(), Optional.empty());
    }
    Form form = origin.map(TensorOrigin::form).orElse(Form.EXTERNAL);
    if (form == Form.EXTERNAL) {
      proto.clearExternalData().clearDataLocation().clearRawData();
      form = tensor.dataType() == DataType.STRING ? Form.TYPED : Form.RAW;
    }
    if (form == Form.TYPED) {
      TypedData.write(proto, tensor);
    }
    return new Written(
        proto.build(),
        form == Form.RAW || form == Form.PLAIN ? Optional.of(tensor) : Optional.empty());
  }

  /** Returns the origin of a tensor whose elements are still those of the origin. */
  static Optional<TensorOrigin> unedited(Tensor tensor) {
    return Origins.of(tensor.origin(), TensorOrigin.class).filter(o -> o.elements().equals(tensor));
  }

  private static TensorProto.Builder described(Tensor tensor) {
    TensorProto.Builder proto =
        TensorProto.newBuilder().setDataType(tensor.dataType().onnxNumber());
    Arrays.stream(tensor.sizes()).forEach(proto::addDims);
    return proto;
  }
}
