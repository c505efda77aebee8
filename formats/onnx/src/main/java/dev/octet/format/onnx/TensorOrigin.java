package dev.octet.format.onnx;

import dev.octet.api.file.FileIdentity;
import dev.octet.api.graph.Origin;
import dev.octet.api.graph.Tensor;
import dev.octet.format.onnx.proto.OnnxMl.TensorProto;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What is kept of a tensor.
 *
 * @param rest the tensor; without its data when {@code form} can be built again from the elements
 * @param form how the elements are stored
 * @param elements the tensor as it was read, without an origin
 * @param folder the real path of the folder that external data is relative to
 * @param file the file that external data is in
 */
record TensorOrigin(
    TensorProto rest,
    Form form,
    Tensor elements,
    Optional<Path> folder,
    Optional<FileIdentity> file)
    implements Origin {

  /** Returns the origin of a tensor whose elements the model itself stores. */
  static TensorOrigin inside(TensorProto rest, Form form, Tensor elements) {
    return new TensorOrigin(rest, form, elements, Optional.empty(), Optional.empty());
  }

  /** Returns the origin of a tensor whose elements are in a file of their own. */
  static TensorOrigin outside(TensorProto rest, Tensor elements, Path folder, FileIdentity file) {
    return new TensorOrigin(rest, Form.EXTERNAL, elements, Optional.of(folder), Optional.of(file));
  }

  /** How a file stores the elements of a tensor. */
  enum Form {
    /** Packed bytes in {@code raw_data}. */
    RAW,
    /** As Octet writes a tensor: packed bytes in {@code raw_data}, and {@code rest} is empty. */
    PLAIN,
    /** Numbers in the field of the element type, exactly as Octet writes them. */
    TYPED,
    /** In a way that cannot be built again from the elements; the proto holds them. */
    VERBATIM,
    /** In a file of their own. */
    EXTERNAL
  }
}
