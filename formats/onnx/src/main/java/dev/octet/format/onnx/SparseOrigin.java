package dev.octet.format.onnx;

import dev.octet.api.graph.Origin;
import dev.octet.api.graph.Tensor;
import dev.octet.format.onnx.proto.OnnxMl.SparseTensorProto;
import java.util.Optional;

/**
 * What is kept of a tensor that a file stores by its elements other than zero.
 *
 * @param proto the whole of it
 * @param elements the tensor as it was read, without an origin
 */
record SparseOrigin(SparseTensorProto proto, Tensor elements) implements Origin {

  /** Returns the origin of a tensor whose elements are still those of the origin. */
  static Optional<SparseOrigin> unedited(Tensor tensor) {
    return Origins.of(tensor.origin(), SparseOrigin.class).filter(o -> o.elements().equals(tensor));
  }

  /** Returns the message of a constant under its name. */
  SparseTensorProto named(String name) {
    return proto.getValues().getName().equals(name)
        ? proto
        : proto.toBuilder().setValues(proto.getValues().toBuilder().setName(name)).build();
  }
}
